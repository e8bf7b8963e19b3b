import { useQuery } from '@tanstack/react-query';
import type { AudienceExport } from '@zhiyin/contract';
import { Button, Progress, Table, type TableColumnsType } from 'antd';
import { useTranslation } from 'react-i18next';
import { audienceExportsQuery, exportFileUrl, useCancelExport } from '../../../api/destinations.ts';
import { Count } from '../../../components/count.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Instant } from '../../../components/instant.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { TableSkeleton } from '../../../components/skeletons.tsx';
import { StateTag, type StateTone } from '../../../components/state-tag.tsx';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../segments.module.css';

const tones: Readonly<Record<AudienceExport['state'], StateTone>> = {
  queued: 'plain',
  running: 'busy',
  done: 'good',
  failed: 'bad',
  cancelled: 'caution',
};

/** What was sent out: to whom, how much of it, by whom. */
export function ExportsTable({ of }: { readonly of: { segmentId?: number; listId?: number } }) {
  const { t } = useTranslation('segments');
  const formats = useFormats();
  const workspace = useWorkspace();
  const notice = useNotice();
  const exports = useQuery(audienceExportsQuery(workspace.id, of));
  const cancel = useCancelExport(workspace.id);
  const columns: TableColumnsType<AudienceExport> = [
    {
      key: 'what',
      title: t('exports.what'),
      render: (_, one) => (
        <div className={styles.name}>
          <span>{one.of}</span>
          <span className={styles.small}>
            {one.destination ? one.destination.name : t(`export.${one.format}`)} · {one.columns.length}{' '}
            {t('exports.columns')}
          </span>
        </div>
      ),
    },
    {
      key: 'state',
      title: t('exports.state'),
      render: (_, one) => (
        <div style={{ display: 'grid', gap: 4, minWidth: 110 }}>
          <span>
            <StateTag tone={tones[one.state]}>{t(`exports.${one.state}`)}</StateTag>
          </span>
          {one.state === 'running' ? (
            <Progress
              size="small"
              percent={Math.floor((100 * one.rowsDone) / Math.max(1, one.rowsTotal))}
              aria-label={t('exports.running')}
            />
          ) : null}
          {one.error ? <span className={styles.small}>{one.error}</span> : null}
        </div>
      ),
    },
    { key: 'rows', title: t('list.people'), align: 'right', render: (_, one) => <Count value={one.rowsDone} /> },
    {
      key: 'when',
      title: t('exports.when'),
      responsive: ['md'],
      render: (_, one) => (
        <span>
          <Instant at={one.createdAt} /> <span className={styles.small}>{one.by ?? ''}</span>
        </span>
      ),
    },
    {
      key: 'act',
      title: '',
      align: 'right',
      render: (_, one) =>
        one.state === 'done' && one.expiresAt !== null ? (
          <a href={exportFileUrl(workspace.id, one.id)} download title={formats.exact(one.expiresAt)}>
            {t('exports.download', { size: formats.bytes(one.sizeBytes) })}
          </a>
        ) : one.state === 'queued' || one.state === 'running' ? (
          <Button size="small" onClick={() => cancel.mutate(one.id, { onError: notice.failed })}>
            {t('common:cancel')}
          </Button>
        ) : null,
    },
  ];
  return (
    <Section title={t('exports.title')} subtitle={t('exports.subtitle')} flush>
      <QueryState query={exports} loading={<TableSkeleton rows={3} />}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState sentence={t('exports.empty')} example={t('exports.emptyExample')} />
          ) : (
            <Table rowKey="id" columns={columns} dataSource={rows} pagination={false} size="middle" />
          )
        }
      </QueryState>
    </Section>
  );
}
