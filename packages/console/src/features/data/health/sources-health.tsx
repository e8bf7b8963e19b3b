import { Link } from '@tanstack/react-router';
import type { Health } from '@zhiyin/contract';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { QueryButton } from '../../../charts/query-button.tsx';
import { Count } from '../../../components/count.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Section } from '../../../components/section.tsx';
import { useFormats } from '../../../format/use-formats.ts';

type Row = Health['sources'][number];

/** The same counts by where they came from. */
export function SourcesHealth({ health }: { readonly health: Health }) {
  const { sources, queries, asOf } = health;
  const { t } = useTranslation('data');
  const formats = useFormats();
  const shareHeld = (row: Row) => row.quarantined / Math.max(1, row.valid + row.duplicate + row.quarantined);
  return (
    <Section
      title={t('health.sourcesTitle')}
      subtitle={t('health.sourcesSubtitle')}
      actions={<QueryButton title={t('health.sourcesTitle')} query={queries.outcomes} asOf={asOf} />}
      flush
    >
      {sources.length === 0 ? (
        <EmptyState sentence={t('health.trendEmpty')} />
      ) : (
        <Table<Row>
          rowKey="sourceId"
          size="small"
          dataSource={sources.toSorted((a, b) => b.valid - a.valid)}
          pagination={false}
          scroll={{ x: 'max-content' }}
          columns={[
            { title: t('sources.name'), dataIndex: 'name' },
            { title: t('outcome.valid'), align: 'right', render: (_, { valid }) => <Count value={valid} /> },
            {
              title: t('outcome.duplicate'),
              align: 'right',
              render: (_, { duplicate }) => <Count value={duplicate} />,
            },
            {
              title: t('outcome.quarantined'),
              align: 'right',
              render: (_, row) =>
                row.quarantined === 0 ? (
                  '0'
                ) : (
                  <Link to="/w/$workspaceId/data/quarantine" params={true as never} search={{ sourceId: row.sourceId }}>
                    {formats.count(row.quarantined)} ({formats.rate(shareHeld(row), 1)})
                  </Link>
                ),
            },
          ]}
        />
      )}
    </Section>
  );
}
