import type { QuarantineRow } from '@zhiyin/contract';
import { Alert, Descriptions, Drawer } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../../format/use-formats.ts';
import { CodeBlock } from '../code-block.tsx';
import styles from '../data.module.css';
import { explainReason } from '../explain-reason.ts';
import { explainSaid } from '../explain-said.ts';
import { spreadJson } from './diff-lines.ts';

/** One record as it came, and what is wrong with it. */
export function RecordDrawer({
  record,
  onClose,
}: {
  readonly record: QuarantineRow | null;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation('data');
  const formats = useFormats();
  const words = record && explainReason(record.reason, t);
  return (
    <Drawer open={record !== null} onClose={onClose} title={words?.name} size={640} destroyOnHidden>
      {record && words && (
        <div className={styles.stack}>
          <Alert
            type="warning"
            showIcon
            title={words.what}
            description={
              <>
                {record.detail && <p>{explainSaid(record.explanation, record.detail, t)}</p>}
                <p>
                  {t('health.do')} {words.fix}
                </p>
              </>
            }
          />
          <Descriptions
            column={1}
            size="small"
            bordered
            items={[
              { key: 'field', label: t('quarantine.field'), children: record.field || '–' },
              { key: 'name', label: t('live.name'), children: record.eventName || record.eventType || '–' },
              { key: 'source', label: t('live.source'), children: record.source },
              ...(record.importId > 0
                ? [
                    {
                      key: 'row',
                      label: t('quarantine.import'),
                      children: t('quarantine.importRow', { source: `#${record.importId}`, row: record.rowNumber }),
                    },
                  ]
                : []),
              { key: 'at', label: t('live.received'), children: formats.exact(record.receivedAt) },
              {
                key: 'key',
                label: t('quarantine.key'),
                children: <code className={styles.mono}>{record.recordKey}</code>,
              },
            ]}
          />
          <section className={styles.stackSmall}>
            <h3>{t('quarantine.raw')}</h3>
            <CodeBlock code={spreadJson(record.raw)} />
          </section>
        </div>
      )}
    </Drawer>
  );
}
