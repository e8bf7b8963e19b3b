import type { Health } from '@zhiyin/contract';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { QueryButton } from '../../../charts/query-button.tsx';
import { Count } from '../../../components/count.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Section } from '../../../components/section.tsx';
import { explainRepair } from '../explain-repair.ts';

/** What was mended on the way in, so that nobody wonders why a stored value is not the sent one. */
export function RepairsTable({ health }: { readonly health: Health }) {
  const { repairs, queries, asOf } = health;
  const { t } = useTranslation('data');
  return (
    <Section
      title={t('health.repairsTitle')}
      subtitle={t('health.repairsSubtitle')}
      actions={<QueryButton title={t('health.repairsTitle')} query={queries.repairs} asOf={asOf} />}
      flush
    >
      {repairs.length === 0 ? (
        <EmptyState sentence={t('health.repairsEmpty')} />
      ) : (
        <Table
          rowKey="repair"
          size="small"
          dataSource={repairs}
          pagination={repairs.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
          columns={[
            { title: t('health.repair'), render: (_, { repair }) => explainRepair(repair, t) },
            { title: t('health.records'), align: 'right', render: (_, { records }) => <Count value={records} /> },
          ]}
        />
      )}
    </Section>
  );
}
