import type { RecommendModel } from '@zhiyin/contract';
import { Descriptions, Drawer, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { CopyText } from '../../../components/copy-text.tsx';
import { Instant } from '../../../components/instant.tsx';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../recommend.module.css';
import { useModelWords } from '../use-model-words.ts';
import { CyclesTable } from './cycles-table.tsx';
import { describeOptions } from './describe-options.ts';
import { NextCard } from './next-card.tsx';

type Props = { readonly model: RecommendModel | undefined; readonly close: () => void };

/** What a model is, what it learned from, how it was measured and chosen. */
export function ModelCard({ model, close }: Props) {
  const { t } = useTranslation('recommend');
  const { modelName } = useModelWords();
  return (
    <Drawer
      open={model !== undefined}
      onClose={close}
      size={720}
      title={model && t('models.versionOf', { version: model.version, model: modelName(model.kind) })}
    >
      {model && <Facts model={model} />}
    </Drawer>
  );
}

function Facts({ model }: { readonly model: RecommendModel }) {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  const { modelName, modelIdea } = useModelWords();
  const { data } = model;
  const measure = (key: 'ndcg' | 'recall' | 'hit' | 'coverage') => ({
    key,
    measure: t(`card.measure.${key}`, { k: model.measures?.k ?? 20 }),
    model: model.measures ? formats.rate(model.measures[key], 1) : '–',
    popular: model.baseline ? formats.rate(model.baseline[key], 1) : '–',
  });
  const { t: ofEndpoint } = useTranslation('llm');
  const embeddingsSay =
    model.embeddings &&
    (model.embeddings.failure
      ? t('card.embeddingsFailed', { why: ofEndpoint(`failure.${model.embeddings.failure}`) })
      : t('card.embeddingsOf', {
          count: model.embeddings.items,
          items: formats.count(model.embeddings.items),
          model: model.embeddings.model,
        }));
  const day = (at: string | null) => (at === null ? '–' : formats.day(at));
  return (
    <div className={styles.stack}>
      {modelIdea(model.kind) && <p>{modelIdea(model.kind)}</p>}
      <div className={styles.notice} data-tone={model.state === 'rejected' ? 'caution' : 'good'}>
        <p>
          {t(`card.verdict.${model.measures === null ? 'unmeasured' : model.state}`, {
            people: formats.count(model.measures?.people ?? 0),
            model: model.measures ? formats.rate(model.measures.ndcg, 1) : '',
            popular: model.baseline ? formats.rate(model.baseline.ndcg, 1) : '',
          })}
        </p>
      </div>
      <Table
        size="small"
        rowKey="key"
        pagination={false}
        dataSource={[measure('ndcg'), measure('recall'), measure('hit'), measure('coverage')]}
        columns={[
          { title: t('card.measured', { count: model.measures?.people ?? 0 }), dataIndex: 'measure' },
          { title: t('models.model'), dataIndex: 'model', align: 'right' },
          { title: t('models.popular'), dataIndex: 'popular', align: 'right' },
        ]}
      />
      <Descriptions
        size="small"
        bordered
        column={1}
        items={[
          { key: 'days', label: t('card.days'), children: `${day(data.from)} – ${day(data.to)}` },
          { key: 'people', label: t('card.people'), children: formats.count(data.people) },
          { key: 'items', label: t('card.items'), children: formats.count(data.items) },
          ...(model.newItems
            ? [{ key: 'newItems', label: t('card.newItems'), children: formats.count(model.newItems) }]
            : []),
          { key: 'interactions', label: t('card.interactions'), children: formats.count(data.interactions) },
          ...(model.embeddings ? [{ key: 'embeddings', label: t('card.embeddings'), children: embeddingsSay }] : []),
          { key: 'trained', label: t('card.trained'), children: <Instant at={model.trainedAt} exact /> },
          { key: 'took', label: t('models.column.took'), children: formats.duration(model.fitSeconds * 1_000) },
          { key: 'size', label: t('models.column.size'), children: formats.bytes(model.sizeBytes) },
          {
            key: 'checksum',
            label: t('card.checksum'),
            children: <CopyText text={model.checksum} shown={`${model.checksum.slice(0, 16)}…`} code />,
          },
        ]}
      />
      <Table
        size="small"
        rowKey={(one) => `${one.kind} ${JSON.stringify(one.options)}`}
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={model.tried.toSorted((a, b) => b.ndcg - a.ndcg)}
        columns={[
          { title: t('card.tried'), render: (_, one) => modelName(one.kind) },
          {
            title: t('models.heading.options'),
            render: (_, one) => <span className={styles.mono}>{describeOptions(one.options, modelName)}</span>,
          },
          { title: t('models.column.ndcg'), align: 'right', render: (_, one) => formats.rate(one.ndcg, 1) },
          {
            title: t('models.column.took'),
            align: 'right',
            render: (_, one) => formats.duration(one.fitSeconds * 1_000),
          },
        ]}
      />
      {model.next && <NextCard next={model.next} />}
      {model.cycles && model.cycles.length > 0 && <CyclesTable cycles={model.cycles} />}
    </div>
  );
}
