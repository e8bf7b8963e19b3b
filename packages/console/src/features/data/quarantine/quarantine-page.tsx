import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { QuarantineFilter, QuarantineRow } from '@zhiyin/contract';
import { Button, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { quarantineQuery } from '../../../api/quarantine.ts';
import { sourcesQuery } from '../../../api/sources.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Instant } from '../../../components/instant.tsx';
import { PageHead } from '../../../components/page-head.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { TableSkeleton } from '../../../components/skeletons.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../data.module.css';
import { explainReason } from '../explain-reason.ts';
import { explainSaid } from '../explain-said.ts';
import { DiscardButton } from './discard-button.tsx';
import { QuarantineFilters } from './quarantine-filters.tsx';
import { RecordDrawer } from './record-drawer.tsx';
import { RepairDrawer } from './repair-drawer.tsx';
import { RulesTable } from './rules-table.tsx';

/** Records that could not be kept: look, mend by a rule, try again, or give up. */
export function QuarantinePage() {
  const { t } = useTranslation('data');
  const { id: workspaceId, can } = useWorkspace();
  const formats = useFormats();
  const filter = useSearch({ strict: false }) as QuarantineFilter;
  const navigate = useNavigate();
  const setFilter = (change: Partial<QuarantineFilter>) =>
    void navigate({ to: '.', search: ((before: object) => ({ ...before, ...change })) as never, replace: true });
  const records = useInfiniteQuery(quarantineQuery(workspaceId, filter));
  const sources = useQuery({ ...sourcesQuery(workspaceId), enabled: can('settings:read') });
  const [opened, setOpened] = useState<QuarantineRow | null>(null);
  const [isRepairing, setRepairing] = useState(false);

  const rows = records.data?.pages.flatMap((page) => page.rows) ?? [];
  const total = records.data?.pages[0]?.total ?? rows.length;
  const isOpen = (filter.state ?? 'open') === 'open';
  const isFiltered = Object.entries(filter).some(([key, value]) => key !== 'state' && value !== undefined);
  const answerKey =
    total > 0 ? `answer.${filter.state ?? 'open'}` : isFiltered || !isOpen ? 'emptyFiltered' : 'answerNone';
  const answer = records.data && t(`quarantine.${answerKey}`, { count: total, records: formats.count(total) });
  return (
    <>
      <PageHead
        title={t('quarantine.title')}
        answer={answer}
        actions={
          isOpen &&
          total > 0 &&
          can('data:write') && (
            <>
              <DiscardButton filter={filter} total={total} />
              <Button type="primary" onClick={() => setRepairing(true)}>
                {t('quarantine.mend', { count: total, records: formats.count(total) })}
              </Button>
            </>
          )
        }
      />
      <div className={styles.stack}>
        <Section
          title={t('quarantine.listTitle')}
          subtitle={
            filter.reason
              ? `${explainReason(filter.reason, t).what} ${explainReason(filter.reason, t).fix}`
              : t('quarantine.listSubtitle')
          }
          flush
        >
          <QuarantineFilters filter={filter} sources={sources.data ?? []} onChange={setFilter} />
          <QueryState query={records} loading={<TableSkeleton rows={8} />}>
            {() =>
              rows.length === 0 ? (
                <EmptyState
                  sentence={t(isFiltered ? 'quarantine.emptyFiltered' : 'quarantine.empty')}
                  example={isFiltered ? undefined : t('quarantine.emptyExample')}
                  action={
                    isFiltered ? (
                      <Button
                        onClick={() =>
                          setFilter({
                            reason: undefined,
                            sourceId: undefined,
                            importId: undefined,
                            event: undefined,
                            text: undefined,
                          })
                        }
                      >
                        {t('clearFilters')}
                      </Button>
                    ) : undefined
                  }
                />
              ) : (
                <>
                  <Records rows={rows} onOpen={setOpened} />
                  {records.hasNextPage && (
                    <div className={styles.more}>
                      <Button loading={records.isFetchingNextPage} onClick={() => void records.fetchNextPage()}>
                        {t('loadMore')}
                      </Button>
                    </div>
                  )}
                </>
              )
            }
          </QueryState>
        </Section>
        <RulesTable sources={sources.data ?? []} />
      </div>
      <RecordDrawer record={opened} onClose={() => setOpened(null)} />
      <RepairDrawer isOpen={isRepairing} filter={filter} first={rows[0]} onClose={() => setRepairing(false)} />
    </>
  );
}

function Records({ rows, onOpen }: { rows: QuarantineRow[]; onOpen: (row: QuarantineRow) => void }) {
  const { t } = useTranslation('data');
  return (
    <Table<QuarantineRow>
      rowKey="recordKey"
      size="small"
      dataSource={rows}
      pagination={false}
      scroll={{ x: 900 }}
      onRow={(row) => ({ onClick: () => onOpen(row), style: { cursor: 'pointer' } })}
      columns={[
        {
          title: t('health.reason'),
          render: (_, row) => (
            <>
              <Button type="link" size="small" style={{ padding: 0, height: 'auto' }} onClick={() => onOpen(row)}>
                {explainReason(row.reason, t).name}
              </Button>
              <div className={styles.hint}>{explainSaid(row.explanation, row.detail, t)}</div>
            </>
          ),
        },
        {
          title: t('quarantine.field'),
          render: (_, { field }) => field && <code className={styles.mono}>{field}</code>,
        },
        {
          title: t('live.name'),
          className: styles.nowrap,
          render: (_, { eventName, eventType }) => eventName || eventType || '–',
        },
        {
          title: t('live.source'),
          render: (_, { source, importId, rowNumber }) =>
            importId > 0 ? t('quarantine.importRow', { source, row: rowNumber }) : source,
        },
        {
          title: t('live.received'),
          className: styles.nowrap,
          render: (_, { receivedAt }) => <Instant at={receivedAt} />,
        },
        { title: t('quarantine.raw'), render: (_, { raw }) => <span className={styles.rawCell}>{raw}</span> },
      ]}
    />
  );
}
