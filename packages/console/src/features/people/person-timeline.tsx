import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { personEventsQuery } from '../../api/person-events.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { describeEvent } from '../../components/event-words/describe-event.ts';
import { addDays, today } from '../../components/range.ts';
import { Section } from '../../components/section.tsx';
import { TableSkeleton } from '../../components/skeletons.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import { useFormats } from '../../format/use-formats.ts';
import { groupByDay } from './group-by-day.ts';
import styles from './timeline.module.css';
import { TimelineEvent } from './timeline-event.tsx';

const route = getRouteApi('/w/$workspaceId/people/$profileId');

/** What the person did, day by day, newest first. */
export function PersonTimeline({ profileId }: { profileId: string }) {
  const { t } = useTranslation('people');
  const { t: words } = useTranslation('events');
  const formats = useFormats();
  const workspace = useWorkspace();
  const { event: name } = route.useSearch();
  const navigate = route.useNavigate();
  const all = useInfiniteQuery(personEventsQuery(workspace.id, profileId, undefined));
  const filtered = useInfiniteQuery({ ...personEventsQuery(workspace.id, profileId, name), enabled: Boolean(name) });
  const events = name ? filtered : all;

  const rows = events.data?.pages.flatMap((page) => page.rows) ?? [];
  const kinds = new Map(all.data?.pages.flatMap((page) => page.rows.map((row) => [row.name, row.type] as const)));
  if (name && !kinds.has(name)) kinds.set(name, 'track');
  const options = [...kinds].map(([value, type]) => ({
    value,
    label: describeEvent({ type, name: value, properties: {} }, words, formats).sentence,
  }));
  const filter = (value: string | undefined) =>
    void navigate({ search: { event: value }, replace: true, resetScroll: false });
  const now = today(workspace.timeZone);
  const dayLabel = (day: string) =>
    day === now
      ? t('person.timeline.today')
      : day === addDays(now, -1)
        ? t('person.timeline.yesterday')
        : formats.date(day);

  return (
    <Section
      title={t('person.timeline.title')}
      subtitle={t('person.timeline.subtitle', { timeZone: workspace.timeZone })}
      actions={
        <Select
          className={styles.filter}
          allowClear
          value={name}
          onChange={filter}
          options={options}
          placeholder={t('person.timeline.filter')}
          aria-label={t('person.timeline.filterLabel')}
        />
      }
    >
      {events.isPending ? <TableSkeleton rows={6} /> : null}
      {events.error && rows.length === 0 ? (
        <ErrorState error={events.error} retry={() => void events.refetch()} />
      ) : null}
      {events.data && rows.length === 0 ? (
        <p className="faint">
          {name ? t('person.timeline.emptyFiltered') : t('person.timeline.empty')}{' '}
          {name ? (
            <Button type="link" size="small" onClick={() => filter(undefined)}>
              {t('person.timeline.clear')}
            </Button>
          ) : null}
        </p>
      ) : null}
      {groupByDay(rows, workspace.timeZone).map(({ day, events: ofDay }) => (
        <section key={day} className={styles.day} aria-label={formats.date(day)}>
          <h3 className={styles.dayName}>
            {dayLabel(day)} <span>{t('person.timeline.dayCount', { count: ofDay.length })}</span>
          </h3>
          <ol className={styles.events}>
            {ofDay.map((event) => (
              <TimelineEvent key={event.messageKey} event={event} />
            ))}
          </ol>
        </section>
      ))}
      {events.hasNextPage ? (
        <Button block onClick={() => void events.fetchNextPage()} loading={events.isFetchingNextPage}>
          {t('person.timeline.more')}
        </Button>
      ) : rows.length > 0 ? (
        <p className={styles.end}>{t('person.timeline.end')}</p>
      ) : null}
    </Section>
  );
}
