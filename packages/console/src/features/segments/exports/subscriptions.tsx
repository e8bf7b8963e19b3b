import { useQuery } from '@tanstack/react-query';
import type { AudienceColumn } from '@zhiyin/contract';
import { Button, Select, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  destinationsQuery,
  subscriptionsQuery,
  useChangeSubscription,
  useCreateSubscription,
} from '../../../api/destinations.ts';
import { Instant } from '../../../components/instant.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { TableSkeleton } from '../../../components/skeletons.tsx';
import { useConfirm } from '../../../components/use-confirm.ts';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../segments.module.css';
import { ColumnsField } from './columns-field.tsx';

/** Destinations that hear of everybody who enters or leaves, as it happens. */
export function Subscriptions({ segmentId }: { readonly segmentId: number }) {
  const { t } = useTranslation('segments');
  const formats = useFormats();
  const workspace = useWorkspace();
  const notice = useNotice();
  const confirm = useConfirm();
  const subscriptions = useQuery(subscriptionsQuery(workspace.id, segmentId));
  const destinations = useQuery(destinationsQuery(workspace.id)).data ?? [];
  const create = useCreateSubscription(workspace.id, segmentId);
  const change = useChangeSubscription(workspace.id, segmentId);
  const [destinationId, setDestinationId] = useState<number | null>(null);
  const [columns, setColumns] = useState<AudienceColumn[]>(['profile_id']);
  const known = new Set((subscriptions.data ?? []).map((one) => one.destination.id));
  const free = destinations.filter(({ id }) => !known.has(id));
  return (
    <Section title={t('subscriptions.title')} subtitle={t('subscriptions.subtitle')}>
      <QueryState query={subscriptions} loading={<TableSkeleton rows={2} />}>
        {(rows) => (
          <div className={styles.columns}>
            {rows.length === 0 ? <p className="faint">{t('subscriptions.empty')}</p> : null}
            {rows.map((one) => (
              <div key={one.id} className={styles.row}>
                <Switch
                  checked={one.enabled}
                  aria-label={one.destination.name}
                  onChange={(enabled) => change.mutate({ id: one.id, enabled }, { onError: notice.failed })}
                />
                <b>{one.destination.name}</b>
                <span className={styles.small}>
                  {t('subscriptions.waiting', { count: one.waiting, shown: formats.count(one.waiting) })}
                  {' · '}
                  {t('subscriptions.delivered')} <Instant at={one.deliveredAt} />
                </span>
                {one.error ? <span style={{ color: 'var(--cinnabar)' }}>{one.error}</span> : null}
                <Button
                  type="text"
                  size="small"
                  onClick={() =>
                    confirm({
                      title: t('subscriptions.removeTitle', { name: one.destination.name }),
                      consequence: t('subscriptions.removeConsequence'),
                      action: t('common:remove'),
                      run: () => change.mutateAsync({ id: one.id, enabled: null }).catch(notice.failed),
                    })
                  }
                >
                  {t('common:remove')}
                </Button>
              </div>
            ))}
          </div>
        )}
      </QueryState>
      {workspace.can('people:write') && free.length > 0 ? (
        <div className={styles.row} style={{ marginTop: 16 }}>
          <Select
            style={{ minWidth: 180 }}
            aria-label={t('subscriptions.choose')}
            placeholder={t('subscriptions.choose')}
            value={destinationId}
            options={free.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={setDestinationId}
          />
          <div className={styles.grow} style={{ display: 'grid' }}>
            <ColumnsField value={columns} onChange={setColumns} />
          </div>
          <Button
            disabled={destinationId === null || columns.length === 0}
            loading={create.isPending}
            onClick={() =>
              create.mutate(
                { destinationId: destinationId!, columns },
                { onSuccess: () => setDestinationId(null), onError: notice.failed },
              )
            }
          >
            {t('subscriptions.add')}
          </Button>
        </div>
      ) : null}
    </Section>
  );
}
