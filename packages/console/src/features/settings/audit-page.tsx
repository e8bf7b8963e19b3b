import { SafetyCertificateOutlined } from '@ant-design/icons';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Alert, Button, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { auditQuery, useVerifyAudit } from '../../api/audit.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Section } from '../../components/section.tsx';
import { TableSkeleton } from '../../components/skeletons.tsx';
import { useNotice } from '../../components/use-notice.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import { useFormats } from '../../format/use-formats.ts';
import { AuditTable } from './audit-table.tsx';
import styles from './settings.module.css';

const route = getRouteApi('/w/$workspaceId/settings/audit');
const nouns = [
  'source',
  'import',
  'quarantine',
  'repair_rule',
  'person',
  'property',
  'member',
  'api_key',
  'workspace',
  'operator',
  'session',
  'job',
  'export',
  'llm',
] as const;

/** Who changed what, and proof that the log was not touched. */
export function AuditPage() {
  const { t } = useTranslation('settings');
  const formats = useFormats();
  const workspace = useWorkspace();
  const { action } = route.useSearch();
  const navigate = route.useNavigate();
  const audit = useInfiniteQuery(auditQuery(workspace.id, action));
  const verify = useVerifyAudit(workspace.id);
  const notice = useNotice();
  const rows = audit.data?.pages.flatMap((page) => page.rows) ?? [];
  const last = rows[0];
  const answer = last && !action ? t('audit.answer', { ago: formats.relative(last.at) }) : t('audit.about');
  const verified = verify.data;

  return (
    <>
      <PageHead
        title={t('audit.title')}
        answer={answer}
        actions={
          <Button
            icon={<SafetyCertificateOutlined />}
            loading={verify.isPending}
            onClick={() => verify.mutate(undefined, { onError: notice.failed })}
          >
            {t('audit.verify')}
          </Button>
        }
      />
      {verified ? (
        <Alert
          className={styles.verdict!}
          showIcon
          type={verified.brokenAt === null ? 'success' : 'error'}
          title={
            verified.brokenAt === null
              ? t('audit.whole', { count: verified.entries, shown: formats.count(verified.entries) })
              : t('audit.broken', { id: verified.brokenAt })
          }
        />
      ) : null}
      <Section
        flush
        title={t('audit.list')}
        subtitle={t('audit.listHelp')}
        actions={
          <Select
            allowClear
            className={styles.filter!}
            value={action}
            placeholder={t('audit.all')}
            aria-label={t('audit.filter')}
            onChange={(value) => void navigate({ search: { action: value }, replace: true })}
            options={nouns.map((noun) => ({ value: `${noun}.`, label: t(`audit.noun.${noun}`) }))}
          />
        }
      >
        {audit.isPending ? <TableSkeleton /> : null}
        {audit.error && rows.length === 0 ? (
          <ErrorState error={audit.error} retry={() => void audit.refetch()} />
        ) : null}
        {audit.data && rows.length === 0 ? (
          <EmptyState
            sentence={action ? t('audit.emptyFiltered') : t('audit.empty')}
            example={t('audit.emptyExample')}
            action={
              action ? <Button onClick={() => void navigate({ search: {} })}>{t('audit.showAll')}</Button> : undefined
            }
          />
        ) : null}
        {rows.length > 0 ? <AuditTable entries={rows} /> : null}
        {audit.hasNextPage ? (
          <div className={styles.more}>
            <Button onClick={() => void audit.fetchNextPage()} loading={audit.isFetchingNextPage}>
              {t('common:loadMore')}
            </Button>
          </div>
        ) : null}
      </Section>
    </>
  );
}
