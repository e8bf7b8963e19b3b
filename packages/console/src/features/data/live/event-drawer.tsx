import { Link } from '@tanstack/react-router';
import type { EventRow } from '@zhiyin/contract';
import { Descriptions, Drawer, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import { CodeBlock } from '../code-block.tsx';
import styles from '../data.module.css';
import { explainRepair } from '../explain-repair.ts';

/** One event whole: who, when, what, and what was mended. */
export function EventDrawer({ event, onClose }: { readonly event: EventRow | null; readonly onClose: () => void }) {
  const { t } = useTranslation('data');
  const { can } = useWorkspace();
  const formats = useFormats();
  return (
    <Drawer open={event !== null} onClose={onClose} title={event?.name} size={560} destroyOnHidden>
      {event && (
        <div className={styles.stack}>
          <Descriptions
            column={1}
            size="small"
            bordered
            items={[
              { key: 'type', label: t('live.type'), children: event.type },
              { key: 'occurred', label: t('live.occurred'), children: formats.exact(event.occurredAt) },
              { key: 'received', label: t('live.received'), children: formats.exact(event.receivedAt) },
              { key: 'source', label: t('live.source'), children: event.source },
              {
                key: 'person',
                label: t('live.person'),
                children: can('people:read') ? (
                  <Link
                    to="/w/$workspaceId/people/$profileId"
                    params={((before: object) => ({ ...before, profileId: event.profileId })) as never}
                  >
                    {event.profileId}
                  </Link>
                ) : (
                  event.profileId
                ),
              },
              {
                key: 'repairs',
                label: t('live.repairs'),
                children:
                  event.repairs.length === 0
                    ? t('live.noRepairs')
                    : event.repairs.map((repair) => <Tag key={repair}>{explainRepair(repair, t)}</Tag>),
              },
            ]}
          />
          <section className={styles.stackSmall}>
            <h3>{t('live.properties')}</h3>
            <CodeBlock code={JSON.stringify(event.properties, null, 2)} />
          </section>
          <section className={styles.stackSmall}>
            <h3>{t('live.context')}</h3>
            <CodeBlock code={JSON.stringify(event.context, null, 2)} />
          </section>
        </div>
      )}
    </Drawer>
  );
}
