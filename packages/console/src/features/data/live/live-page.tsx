import { PauseOutlined, PlayCircleOutlined } from '@ant-design/icons';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { EventRow } from '@zhiyin/contract';
import { Badge, Button, Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type EventsFilter, liveEventsAddress, recentEventsQuery } from '../../../api/data.ts';
import { sourcesQuery } from '../../../api/sources.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { PageHead } from '../../../components/page-head.tsx';
import { Section } from '../../../components/section.tsx';
import { TableSkeleton } from '../../../components/skeletons.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../data.module.css';
import { EventDrawer } from './event-drawer.tsx';
import { EventList } from './event-list.tsx';
import { liveRowsMax, mergeEvents } from './merge-events.ts';
import { useLiveEvents } from './use-live-events.ts';

const badges = { connecting: 'processing', open: 'success', lost: 'warning' } as const;

/** What arrives, as it arrives. */
export function LivePage() {
  const { t } = useTranslation('data');
  const { id: workspaceId, can } = useWorkspace();
  const formats = useFormats();
  const filter = useSearch({ strict: false }) as EventsFilter;
  const navigate = useNavigate();
  const setFilter = (change: Partial<EventsFilter>) =>
    void navigate({ to: '.', search: ((before: object) => ({ ...before, ...change })) as never, replace: true });
  const [isPaused, setPaused] = useState(false);
  const [opened, setOpened] = useState<EventRow | null>(null);

  const sources = useQuery({ ...sourcesQuery(workspaceId), enabled: can('settings:read') });
  const recent = useInfiniteQuery(recentEventsQuery(workspaceId, filter));
  const live = useLiveEvents(liveEventsAddress(workspaceId), isPaused);
  const source = sources.data?.find(({ id }) => id === filter.sourceId)?.name;
  const rows = useMemo(() => {
    const before = recent.data?.pages[0]?.rows ?? [];
    return mergeEvents(before, live.rows).filter(
      (row) => (!filter.name || row.name === filter.name) && (!source || row.source === source),
    );
  }, [recent.data, live.rows, filter.name, source]);
  const names = useMemo(() => [...new Set(rows.map(({ name }) => name))].toSorted(), [rows]);

  return (
    <>
      <PageHead
        title={t('live.title')}
        answer={
          live.state === 'lost'
            ? t('live.answerLost')
            : t(live.rows.length > 0 ? 'live.answer' : 'live.answerNone', {
                count: live.rows.length,
                shown: formats.count(live.rows.length),
              })
        }
        actions={
          <Button
            type={isPaused ? 'primary' : 'default'}
            icon={isPaused ? <PlayCircleOutlined /> : <PauseOutlined />}
            onClick={() => setPaused(!isPaused)}
            aria-pressed={isPaused}
          >
            {isPaused ? t('live.resume', { count: live.waiting, shown: formats.count(live.waiting) }) : t('live.pause')}
          </Button>
        }
      />
      <Section
        flush
        title={
          <span role="status">
            <Badge
              status={isPaused ? 'default' : badges[live.state]}
              text={t(`live.states.${isPaused ? 'paused' : live.state}`)}
            />
          </span>
        }
        subtitle={t('live.subtitle', { max: formats.count(liveRowsMax), timeZone: formats.timeZone })}
        actions={
          <div className={styles.filters}>
            <Input.Search
              allowClear
              key={filter.name ?? ''}
              defaultValue={filter.name}
              placeholder={t('live.byName')}
              aria-label={t('live.byName')}
              onSearch={(name) => setFilter({ name: name.trim() || undefined })}
              style={{ width: 220 }}
              list="live-event-names"
            />
            <datalist id="live-event-names">
              {names.map((name) => (
                <option key={name} value={name} />
              ))}
            </datalist>
            {sources.data && (
              <Select
                allowClear
                value={filter.sourceId}
                placeholder={t('live.anySource')}
                aria-label={t('live.anySource')}
                onChange={(sourceId) => setFilter({ sourceId })}
                style={{ width: 180 }}
                options={sources.data.map(({ id, name }) => ({ value: id, label: name }))}
              />
            )}
          </div>
        }
      >
        {rows.length > 0 ? (
          <EventList rows={rows} fresh={live.rows} onOpen={setOpened} />
        ) : recent.error ? (
          <ErrorState error={recent.error} retry={() => void recent.refetch()} />
        ) : recent.isPending ? (
          <TableSkeleton rows={10} />
        ) : filter.name || filter.sourceId ? (
          <EmptyState
            sentence={t('live.emptyFiltered')}
            action={
              <Button onClick={() => setFilter({ name: undefined, sourceId: undefined })}>{t('clearFilters')}</Button>
            }
          />
        ) : (
          <EmptyState
            sentence={t('live.empty')}
            example={t('live.emptyExample')}
            action={
              <Link to="/w/$workspaceId/data/sources" params={true as never}>
                {t('live.toSources')}
              </Link>
            }
          />
        )}
      </Section>
      <EventDrawer event={opened} onClose={() => setOpened(null)} />
    </>
  );
}
