import { InboxOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import type { ListUpload, MatchField } from '@zhiyin/contract';
import { Button, Select } from 'antd';
import { type DragEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listUploadsQuery, useSendListFile, useStartListUpload } from '../../../api/list-uploads.ts';
import { Instant } from '../../../components/instant.tsx';
import { Section } from '../../../components/section.tsx';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../segments.module.css';

/** A file of e-mails, phone numbers or user ids: let go here, looked at, and its people put on the list. */
export function UploadPart({ listId }: { readonly listId: number }) {
  const { t } = useTranslation('segments');
  const workspace = useWorkspace();
  const notice = useNotice();
  const uploads = useQuery(listUploadsQuery(workspace.id, listId)).data ?? [];
  const send = useSendListFile(workspace.id, listId);
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const [latest] = uploads;
  const take = (file: File | undefined) => {
    if (file) send.mutate(file, { onError: notice.failed });
  };
  return (
    <Section title={t('upload.title')} subtitle={t('upload.subtitle')}>
      {latest?.state === 'ready' ? (
        <ChooseColumns upload={latest} key={latest.id} />
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button inside does the same by keyboard
        <div
          className={styles.drop}
          data-over={isOver}
          onDragOver={(event: DragEvent) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event: DragEvent) => {
            event.preventDefault();
            setOver(false);
            take(event.dataTransfer.files[0]);
          }}
        >
          <InboxOutlined aria-hidden style={{ fontSize: 28, color: 'var(--faint)' }} />
          <Button
            onClick={() => input.current?.click()}
            loading={send.isPending || latest?.state === 'running'}
            disabled={latest?.state === 'running'}
          >
            {t('upload.choose')}
          </Button>
          <span className={styles.small}>{t('upload.formats')}</span>
          <input
            ref={input}
            type="file"
            hidden
            accept=".csv,.tsv,.txt,.gz"
            aria-label={t('upload.choose')}
            onChange={({ target }) => {
              const file = target.files?.[0];
              target.value = '';
              take(file);
            }}
          />
        </div>
      )}
      {uploads
        .filter((one) => one.state === 'done' || one.state === 'failed')
        .slice(0, 3)
        .map((one) => (
          <Report key={one.id} upload={one} />
        ))}
    </Section>
  );
}

function ChooseColumns({ upload }: { readonly upload: ListUpload }) {
  const { t } = useTranslation('segments');
  const formats = useFormats();
  const workspace = useWorkspace();
  const notice = useNotice();
  const start = useStartListUpload(workspace.id, upload.listId);
  const known = upload.detected?.columns ?? [];
  const [columns, setColumns] = useState<Record<string, MatchField>>(() =>
    Object.fromEntries(known.flatMap(({ name, field }) => (field ? [[name, field]] : []))),
  );
  const set = (name: string, field: MatchField | 'none') =>
    setColumns((before) => {
      const { [name]: _, ...rest } = before;
      return field === 'none' ? rest : { ...rest, [name]: field };
    });
  return (
    <div className={styles.columns}>
      <p>
        <b>{upload.fileName}</b>{' '}
        <span className={styles.small}>
          {t('upload.found', {
            count: upload.detected?.rowsEstimate ?? 0,
            shown: formats.count(upload.detected?.rowsEstimate ?? 0),
            encoding: upload.detected?.encoding ?? '',
          })}
        </span>
      </p>
      {known.map(({ name }) => (
        <div key={name} className={styles.column}>
          <span>{name}</span>
          <Select
            aria-label={name}
            value={columns[name] ?? 'none'}
            options={(['none', 'email', 'phone', 'user_id'] as const).map((value) => ({
              value,
              label: t(`upload.field.${value}`),
            }))}
            onChange={(field) => set(name, field as MatchField | 'none')}
          />
        </div>
      ))}
      <div className={styles.row}>
        <Button
          type="primary"
          disabled={Object.keys(columns).length === 0}
          loading={start.isPending}
          onClick={() => start.mutate({ uploadId: upload.id, columns }, { onError: notice.failed })}
        >
          {t('upload.start')}
        </Button>
        {Object.keys(columns).length === 0 ? <span className="faint">{t('upload.needsColumn')}</span> : null}
      </div>
    </div>
  );
}

const colours = {
  matched: 'var(--jade)',
  duplicates: 'var(--indigo)',
  unmatched: 'var(--amber)',
  empty: 'var(--cinnabar)',
};
const outcomes = ['matched', 'duplicates', 'unmatched', 'empty'] as const;

/** What became of every row, as a bar and in words. */
function Report({ upload }: { readonly upload: ListUpload }) {
  const { t } = useTranslation('segments');
  const formats = useFormats();
  const { report, error, fileName, createdAt } = upload;
  return (
    <div style={{ marginTop: 16 }}>
      <p>
        <b>{fileName}</b>{' '}
        <span className={styles.small}>
          <Instant at={createdAt} />
        </span>
      </p>
      {error ? <p style={{ color: 'var(--cinnabar)' }}>{error}</p> : null}
      {report ? (
        <>
          <div className={styles.report} aria-hidden="true">
            {outcomes.map((key) =>
              report[key] > 0 ? (
                <span
                  key={key}
                  style={{ background: colours[key], width: `${(100 * report[key]) / Math.max(1, report.rows)}%` }}
                />
              ) : null,
            )}
          </div>
          <p className={styles.small}>
            {outcomes
              .map((key) => t(`upload.${key}`, { count: report[key], shown: formats.count(report[key]) }))
              .join(' · ')}
          </p>
          {report.emptyRows.length > 0 ? (
            <p className={styles.small}>{t('upload.emptyRows', { rows: report.emptyRows.join(', ') })}</p>
          ) : null}
        </>
      ) : null}
    </div>
  );
}
