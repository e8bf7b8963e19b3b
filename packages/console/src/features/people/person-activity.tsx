import type { Person } from '@zhiyin/contract';
import { useTranslation } from 'react-i18next';
import { Section } from '../../components/section.tsx';
import { useFormats } from '../../format/use-formats.ts';
import styles from './person.module.css';

/** A year in 52 bars from a base line of zero; a week without events is a gap in the rhythm, and that is the point. */
export function PersonActivity({ person }: { person: Person }) {
  const { t } = useTranslation('people');
  const formats = useFormats();
  const weeks = person.activity;
  const total = weeks.reduce((sum, week) => sum + week.events, 0);
  const most = Math.max(1, ...weeks.map((week) => week.events));
  const busiest = weeks.find((week) => week.events === most);
  const first = weeks[0];
  const last = weeks.at(-1);
  const label = t('person.activity.label', {
    active: formats.count(weeks.filter((week) => week.events > 0).length),
    most: formats.count(total === 0 ? 0 : most),
  });
  return (
    <Section
      title={t('person.activity.title')}
      subtitle={t('person.activity.subtitle', { count: total, shown: formats.count(total) })}
    >
      <div className={styles.weeks} role="img" aria-label={label}>
        {weeks.map((week) => (
          <span
            key={week.week}
            title={t('person.activity.week', {
              count: week.events,
              shown: formats.count(week.events),
              week: formats.date(week.week.slice(0, 10)),
            })}
          >
            <i style={{ height: week.events === 0 ? 0 : `max(3px, ${(week.events / most) * 100}%)` }} />
          </span>
        ))}
      </div>
      <div className={styles.axis}>
        <span>{first ? formats.date(first.week.slice(0, 10)) : ''}</span>
        {busiest && total > 0 ? (
          <span>
            {t('person.activity.busiest', {
              week: formats.date(busiest.week.slice(0, 10), 'short'),
            })}
          </span>
        ) : null}
        <span>{last ? formats.date(last.week.slice(0, 10)) : ''}</span>
      </div>
    </Section>
  );
}
