import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Import } from '@zhiyin/contract';
import { Progress, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { importsQuery } from '../../../api/imports.ts';
import { Count } from '../../../components/count.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Instant } from '../../../components/instant.tsx';
import { PageHead } from '../../../components/page-head.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { TableSkeleton } from '../../../components/skeletons.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../data.module.css';
import { DropFile } from './drop-file.tsx';
import { ImportStateTag } from './import-state-tag.tsx';

/** A file to bring in, and those that were. */
export function ImportsPage() {
  const { t } = useTranslation('data');
  const { id: workspaceId, can } = useWorkspace();
  const formats = useFormats();
  const imports = useQuery(importsQuery(workspaceId));
  const done = imports.data?.filter(({ report }) => report !== null) ?? [];
  const kept = done.reduce((sum, { report }) => sum + (report?.accepted ?? 0) + (report?.repaired ?? 0), 0);
  return (
    <>
      <PageHead
        title={t('imports.title')}
        answer={
          imports.data &&
          (done.length === 0
            ? t('imports.answerNone')
            : t('imports.answer', { count: done.length, rows: formats.count(kept) }))
        }
      />
      <div className={styles.stack}>
        {can('data:write') && <DropFile />}
        <Section title={t('imports.history')} subtitle={t('imports.historySubtitle')} flush>
          <QueryState query={imports} loading={<TableSkeleton rows={4} />}>
            {(rows) =>
              rows.length === 0 ? (
                <EmptyState sentence={t('imports.empty')} example={t('imports.emptyExample')} />
              ) : (
                <History rows={rows} />
              )
            }
          </QueryState>
        </Section>
      </div>
    </>
  );
}

function History({ rows }: { rows: Import[] }) {
  const { t } = useTranslation('data');
  const formats = useFormats();
  return (
    <Table<Import>
      rowKey="id"
      dataSource={rows}
      pagination={false}
      scroll={{ x: 'max-content' }}
      columns={[
        {
          title: t('imports.file'),
          render: (_, record) => (
            <Link
              to="/w/$workspaceId/data/imports/$importId"
              params={((before: object) => ({ ...before, importId: String(record.id) })) as never}
              style={{ fontWeight: 600 }}
            >
              {record.fileName}
            </Link>
          ),
        },
        { title: t('imports.kind'), render: (_, { kind }) => (kind ? t(`imports.kinds.${kind}.short`) : '–') },
        { title: t('imports.state'), render: (_, record) => <StateCell record={record} /> },
        { title: t('imports.size'), align: 'right', render: (_, { sizeBytes }) => formats.bytes(sizeBytes) },
        {
          title: t('imports.kept'),
          align: 'right',
          render: (_, { report }) => (report ? <Count value={report.accepted + report.repaired} /> : '–'),
        },
        {
          title: t('outcome.quarantined'),
          align: 'right',
          render: (_, { report }) => (report ? <Count value={report.quarantined} /> : '–'),
        },
        { title: t('imports.when'), render: (_, { createdAt }) => <Instant at={createdAt} /> },
      ]}
    />
  );
}

function StateCell({ record }: { record: Import }) {
  const { progress } = record;
  if (record.state === 'running' && progress?.rowsTotal) {
    return (
      <Progress
        percent={Math.floor((100 * progress.rowsDone) / progress.rowsTotal)}
        size="small"
        style={{ width: 120 }}
      />
    );
  }
  return <ImportStateTag state={record.state} />;
}
