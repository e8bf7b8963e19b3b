import type { RecommendModel } from '@zhiyin/contract';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../recommend.module.css';
import { useModelWords } from '../use-model-words.ts';

type Props = { readonly next: NonNullable<RecommendModel['next']> };

/** What answers "what comes next", beside the lists of what was counted to follow what. */
export function NextCard({ next }: Props) {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  const { modelName, modelIdea } = useModelWords();
  const { measures, baseline } = next;
  const rate = (value: number) => formats.rate(value, 1);
  const interval = ({ low, high }: typeof measures.ndcgInterval) => `${rate(low)} – ${rate(high)}`;
  return (
    <section className={styles.stack} aria-labelledby="next-card">
      <h3 id="next-card">{t('next.title')}</h3>
      <div className={styles.notice} data-tone="good">
        <p>
          {t(next.serves ? 'next.serves' : 'next.counts', {
            model: modelName(next.kind),
            found: rate(measures.ndcg),
            counted: rate(baseline.ndcg),
            count: measures.cases,
            steps: formats.count(measures.cases),
          })}
        </p>
      </div>
      {next.serves && <p>{modelIdea(next.kind)}</p>}
      <Table
        size="small"
        rowKey="key"
        pagination={false}
        dataSource={[
          {
            key: 'ndcg',
            measure: t('card.measure.ndcg', { k: measures.k }),
            model: `${rate(measures.ndcg)} (${interval(measures.ndcgInterval)})`,
            counted: `${rate(baseline.ndcg)} (${interval(baseline.ndcgInterval)})`,
          },
          {
            key: 'hit',
            measure: t('next.hit', { k: measures.k }),
            model: rate(measures.hit),
            counted: rate(baseline.hit),
          },
        ]}
        columns={[
          { title: t(`next.learnt.${next.steps}`), dataIndex: 'measure' },
          { title: modelName(next.kind), dataIndex: 'model', align: 'right' },
          { title: t('next.lists'), dataIndex: 'counted', align: 'right' },
        ]}
      />
      <Table
        size="small"
        rowKey="kind"
        pagination={false}
        dataSource={next.tried.toSorted((a, b) => b.ndcg - a.ndcg)}
        columns={[
          { title: t('card.tried'), render: (_, one) => modelName(one.kind) },
          { title: t('models.column.ndcg'), align: 'right', render: (_, one) => rate(one.ndcg) },
          {
            title: t('models.column.took'),
            align: 'right',
            render: (_, one) => formats.duration(one.fitSeconds * 1_000),
          },
        ]}
      />
    </section>
  );
}
