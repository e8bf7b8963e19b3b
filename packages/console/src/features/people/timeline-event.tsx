import { DownOutlined } from '@ant-design/icons';
import type { EventRow } from '@zhiyin/contract';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { describeEvent } from '../../components/event-words/describe-event.ts';
import { EventIcon } from '../../components/event-words/event-icon.tsx';
import { useFormats } from '../../format/use-formats.ts';
import styles from './timeline.module.css';

/** One event as a sentence; its raw properties on demand. */
export function TimelineEvent({ event }: { event: EventRow }) {
  const { t } = useTranslation('people');
  const { t: words } = useTranslation('events');
  const formats = useFormats();
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  const { sentence, about, tone } = describeEvent(event, words, formats);
  return (
    <li className={`${styles.event} ${styles[tone]}`}>
      <span className={styles.icon}>
        <EventIcon event={event} />
      </span>
      <button
        type="button"
        className={styles.line}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen(!isOpen)}
      >
        <span className={styles.words}>
          <span className={styles.sentence}>{sentence}</span>
          {about ? <span className={styles.about}>{about}</span> : null}
        </span>
        <time dateTime={event.occurredAt} title={formats.exact(event.occurredAt)} className={styles.time}>
          {formats.time(event.occurredAt)}
        </time>
        <DownOutlined className={styles.chevron} rotate={isOpen ? 180 : 0} aria-label={t('person.timeline.details')} />
      </button>
      {isOpen ? (
        <div id={id} className={styles.details}>
          <dl>
            <Fact label={t('person.timeline.event')} value={event.name} />
            <Fact label={t('person.timeline.source')} value={event.source} />
            <Fact label={t('person.timeline.received')} value={formats.exact(event.receivedAt)} />
            {event.repairs.length > 0 ? (
              <Fact label={t('person.timeline.repairs')} value={event.repairs.join(', ')} />
            ) : null}
          </dl>
          <Raw label={t('person.timeline.properties')} value={event.properties} />
          <Raw label={t('person.timeline.context')} value={event.context} />
        </div>
      ) : null}
    </li>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Raw({ label, value }: { label: string; value: Record<string, unknown> }) {
  if (Object.keys(value).length === 0) return null;
  return (
    <figure className={styles.raw}>
      <figcaption>{label}</figcaption>
      <pre>{JSON.stringify(value, null, 2)}</pre>
    </figure>
  );
}
