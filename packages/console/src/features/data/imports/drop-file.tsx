import { InboxOutlined } from '@ant-design/icons';
import { Button, Progress } from 'antd';
import { type DragEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../../../components/error-state.tsx';
import { useFormats } from '../../../format/use-formats.ts';
import styles from './imports.module.css';
import { type Upload, useUpload } from './use-upload.ts';

const accepted = '.csv,.tsv,.txt,.ndjson,.jsonl,.json,.parquet,.gz';

/** Where a file is let go, or chosen; then how far it has come. */
export function DropFile() {
  const { t } = useTranslation('data');
  const { upload, error, send, cancel } = useUpload();
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) void send(file);
  };
  if (upload) return <UploadProgress upload={upload} onCancel={cancel} />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button inside does the same by keyboard
    <div
      className={styles.drop}
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {error !== null && <ErrorState error={error} kept={t('imports.uploadKept')} />}
      <InboxOutlined className={styles.dropIcon} aria-hidden />
      <p className={styles.dropTitle}>{t('imports.drop')}</p>
      <Button type="primary" onClick={() => input.current?.click()}>
        {t('imports.choose')}
      </Button>
      <p className="faint">{t('imports.formats')}</p>
      <input
        ref={input}
        type="file"
        hidden
        accept={accepted}
        aria-label={t('imports.choose')}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) void send(file);
        }}
      />
    </div>
  );
}

function UploadProgress({ upload, onCancel }: { readonly upload: Upload; readonly onCancel: () => void }) {
  const { t } = useTranslation('data');
  const formats = useFormats();
  const { fileName, sizeBytes, sentBytes, startedAt } = upload;
  const share = sizeBytes > 0 ? sentBytes / sizeBytes : 0;
  const leftMs = share > 0.02 ? ((Date.now() - startedAt) / share) * (1 - share) : null;
  return (
    <div className={styles.drop} role="status">
      <p className={styles.dropTitle}>{t(share >= 1 ? 'imports.looking' : 'imports.uploading', { fileName })}</p>
      <Progress percent={Math.floor(share * 100)} status="active" style={{ maxWidth: 480 }} aria-label={fileName} />
      <p className="faint tabular">
        {t('imports.sent', { sent: formats.bytes(sentBytes), all: formats.bytes(sizeBytes) })}
        {leftMs !== null && share < 1 ? ` · ${t('imports.left', { time: formats.duration(leftMs) })}` : ''}
      </p>
      <Button onClick={onCancel}>{t('imports.cancelUpload')}</Button>
    </div>
  );
}
