import type { ModelCycle } from '@zhiyin/contract';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../recommend.module.css';

/** How long things last until people buy them again, as the model learned it. */
export function CyclesTable({ cycles }: { readonly cycles: readonly ModelCycle[] }) {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  const days = (value: number) => formats.count(Math.round(value));
  return (
    <Table
      size="small"
      rowKey="itemId"
      scroll={{ x: 'max-content' }}
      pagination={cycles.length > 10 ? { pageSize: 10, showSizeChanger: false } : false}
      dataSource={[...cycles]}
      columns={[
        {
          title: t('cycles.title'),
          render: (_, cycle) => (
            <div className={styles.name}>
              <span>{cycle.name || cycle.itemId}</span>
              <span className={styles.small}>{cycle.category}</span>
            </div>
          ),
        },
        {
          title: t('cycles.days'),
          align: 'right',
          render: (_, cycle) => (
            <span className="tabular">
              {t('cycles.between', {
                median: days(cycle.medianDays),
                from: days(cycle.fromDays),
                to: days(cycle.toDays),
              })}
            </span>
          ),
        },
        { title: t('cycles.repeat'), align: 'right', render: (_, cycle) => formats.rate(cycle.repeatShare) },
        { title: t('cycles.gaps'), align: 'right', render: (_, cycle) => formats.count(cycle.gaps) },
      ]}
    />
  );
}
