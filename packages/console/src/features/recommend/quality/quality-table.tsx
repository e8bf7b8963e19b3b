import type { RecommendQuality, RecommendQualityRow } from '@zhiyin/contract';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Count } from '../../../components/count.tsx';
import { Money } from '../../../components/money.tsx';
import { Section } from '../../../components/section.tsx';
import { useFormats } from '../../../format/use-formats.ts';
import { IntervalBar } from '../interval-bar.tsx';
import styles from '../recommend.module.css';
import { useModelWords } from '../use-model-words.ts';

type Props = { readonly quality: RecommendQuality; readonly nameOf: (surface: string) => string };

/** Everything behind the charts, a row per surface, version and arm. */
export function QualityTable({ quality, nameOf }: Props) {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  const { modelName, versionName } = useModelWords();
  const most = (measure: 'clickRate' | 'conversionRate') =>
    Math.max(0.01, ...quality.rows.map((row) => row[measure].high));
  const rate = (value: number | null) => (value === null ? '–' : formats.rate(value));
  return (
    <Section title={t('quality.table')} subtitle={t('quality.tableHelp')} flush>
      <Table<RecommendQualityRow>
        rowKey={(row) => [row.surface, row.model, row.modelVersion, row.experiment, row.arm].join(' ')}
        dataSource={quality.rows.toSorted((a, b) => b.answers - a.answers)}
        pagination={quality.rows.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
        scroll={{ x: 1100 }}
        columns={[
          {
            title: t('quality.heading.surface'),
            render: (_, row) => (
              <div className={styles.name}>
                <b>{nameOf(row.surface)}</b>
                <span className={styles.small}>
                  {[row.model ? modelName(row.model) : '', versionName(row.modelVersion), row.arm]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </div>
            ),
          },
          {
            title: t('quality.heading.answers'),
            align: 'right',
            sorter: (a, b) => a.answers - b.answers,
            render: (_, row) => <Count value={row.answers} />,
          },
          {
            title: t('quality.clickRate'),
            sorter: (a, b) => a.clickRate.value - b.clickRate.value,
            render: (_, row) => <IntervalBar rate={row.clickRate} most={most('clickRate')} />,
          },
          {
            title: t('quality.conversionRate'),
            sorter: (a, b) => a.conversionRate.value - b.conversionRate.value,
            render: (_, row) => <IntervalBar rate={row.conversionRate} most={most('conversionRate')} />,
          },
          {
            title: t('quality.heading.revenue'),
            align: 'right',
            render: (_, row) => <Money minor={row.revenueMinor} />,
          },
          { title: t('quality.heading.coverage'), align: 'right', render: (_, row) => rate(row.coverage) },
          { title: t('quality.heading.diversity'), align: 'right', render: (_, row) => rate(row.diversity) },
          { title: t('quality.heading.popularity'), align: 'right', render: (_, row) => rate(row.popularity) },
          {
            title: t('quality.heading.calibrationError'),
            align: 'right',
            render: (_, row) => (row.calibrationError === null ? '–' : formats.rate(row.calibrationError, 1)),
          },
        ]}
      />
    </Section>
  );
}
