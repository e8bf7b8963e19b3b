import { ArrowLeftOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { Import } from '@zhiyin/contract';
import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { importQuery } from '../../../api/imports.ts';
import { PageHead } from '../../../components/page-head.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { PageSkeleton } from '../../../components/skeletons.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../data.module.css';
import { ImportReportView } from './import-report.tsx';
import { ImportRunning } from './import-running.tsx';
import { PrepareImport } from './prepare-import.tsx';
import { staysWhenCancelled } from './stays-when-cancelled.ts';

/** One file on its way: what it is, what becomes of it, and what became of it. */
export function ImportPage() {
  const { id: workspaceId } = useWorkspace();
  const { importId } = useParams({ strict: false }) as { importId: string };
  const record = useQuery(importQuery(workspaceId, Number(importId)));
  return (
    <QueryState query={record} loading={<PageSkeleton />}>
      {(data) => <Stage record={data} />}
    </QueryState>
  );
}

function Stage({ record }: { readonly record: Import }) {
  const { t } = useTranslation('data');
  const formats = useFormats();
  const { detected, report } = record;
  const isRepeated = report !== null && report.received > 0 && report.duplicate === report.received;
  const answer = isRepeated
    ? t('imports.answerSame', { all: formats.count(report.received) })
    : report
      ? t('imports.answerDone', {
          kept: formats.count(report.accepted + report.repaired),
          all: formats.count(report.received),
          seconds: formats.duration(report.seconds * 1_000),
        })
      : record.state === 'ready' && detected
        ? t('imports.answerReady', { rows: formats.count(detected.rowsEstimate), columns: detected.columns.length })
        : t(`imports.answers.${record.state}`);
  return (
    <>
      <PageHead
        title={`${t('imports.title')} · ${record.fileName} (${formats.bytes(record.sizeBytes)})`}
        answer={answer}
        actions={
          <Link to="/w/$workspaceId/data/imports" params={true as never}>
            <Button icon={<ArrowLeftOutlined />}>{t('imports.all')}</Button>
          </Link>
        }
      />
      <div className={styles.stack}>
        {record.state === 'failed' && (
          <Alert
            type="error"
            showIcon
            title={t('imports.failedTitle')}
            description={record.error ?? t('imports.failedUnknown')}
          />
        )}
        {record.state === 'cancelled' && (
          <Alert
            type="info"
            showIcon
            title={t('imports.cancelledTitle')}
            description={t(staysWhenCancelled(record) ? 'imports.cancelledHint' : 'imports.cancelledNothing')}
          />
        )}
        {record.state === 'uploading' && (
          <Alert type="info" showIcon title={t('imports.uploadBroken')} description={t('imports.uploadBrokenHint')} />
        )}
        {record.state === 'ready' && <PrepareImport record={record} />}
        {(record.state === 'queued' || record.state === 'running') && (
          <Section title={t('imports.runningTitle')}>
            <ImportRunning record={record} />
          </Section>
        )}
        {report && <ImportReportView record={record} report={report} />}
      </div>
    </>
  );
}
