import type { PlainFigures, PredictionCard } from '@zhiyin/contract';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Section } from '../../components/section.tsx';
import { useFormats } from '../../format/use-formats.ts';
import { usePredictionWords } from './use-prediction-words.ts';

/** What was tried, in its own measure: accuracy, days, or errors in purchases; with what speaks against it. */
export function PlainFiguresTable({ card }: { readonly card: PredictionCard }) {
  const { t } = useTranslation('predictions');
  const formats = useFormats();
  const { methodName } = usePredictionWords();
  const value = ({ measure, value: own }: PlainFigures) =>
    measure === 'accuracy' ? formats.rate(own, 1) : formats.count(Math.round(own * 1_000) / 1_000);
  return (
    <Section title={t('plain.title')} subtitle={t('plain.subtitle')} flush>
      <Table
        size="middle"
        pagination={false}
        scroll={{ x: 'max-content' }}
        rowKey={({ name, measure }) => `${name} ${measure}`}
        dataSource={[...card.plain]}
        columns={[
          { title: t('plain.name'), render: (_, row) => methodName(row.name) },
          { title: t('plain.measure'), render: (_, row) => t(`plain.${row.measure}`) },
          {
            title: t('plain.value'),
            align: 'right',
            render: (_, row) => <span className="tabular">{value(row)}</span>,
          },
          {
            title: t('plain.problems'),
            render: (_, row) =>
              row.problems.map((code) => t(`problem.${code}`, { defaultValue: code })).join(t('listGap')) || '–',
          },
        ]}
      />
    </Section>
  );
}
