import type { EventRow } from '@zhiyin/contract';
import { type KeyboardEvent, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../../format/use-formats.ts';
import styles from './live.module.css';
import { summarise } from './summarise.ts';

type Props = {
  readonly rows: readonly EventRow[];
  /** Rows that came while the page was open. */
  readonly fresh: readonly EventRow[];
  readonly onOpen: (row: EventRow) => void;
};

/** Events as lines; arrows move between them, Enter opens one. */
export function EventList({ rows, fresh, onOpen }: Props) {
  const { t } = useTranslation('data');
  const formats = useFormats();
  const isFresh = useMemo(() => new Set(fresh.map(({ messageKey }) => messageKey)), [fresh]);
  return (
    <div className={styles.scroll}>
      <div className={styles.head} aria-hidden="true">
        <span>{t('live.received')}</span>
        <span>{t('live.name')}</span>
        <span>{t('live.source')}</span>
        <span>{t('live.what')}</span>
      </div>
      <ol className={styles.list} aria-label={t('live.title')}>
        {rows.map((row) => (
          <li key={row.messageKey} data-fresh={isFresh.has(row.messageKey)}>
            <button type="button" onClick={() => onOpen(row)} onKeyDown={moveByArrows}>
              <time dateTime={row.receivedAt} title={formats.exact(row.receivedAt)} className="tabular">
                {clock(row.receivedAt, formats.timeZone)}
              </time>
              <b>{row.name}</b>
              <span className="faint">{row.source}</span>
              <span className={styles.what}>{summarise(row.properties)}</span>
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}

function moveByArrows(event: KeyboardEvent<HTMLButtonElement>): void {
  const item = event.currentTarget.parentElement;
  const next =
    event.key === 'ArrowDown'
      ? item?.nextElementSibling
      : event.key === 'ArrowUp'
        ? item?.previousElementSibling
        : event.key === 'Home'
          ? item?.parentElement?.firstElementChild
          : event.key === 'End'
            ? item?.parentElement?.lastElementChild
            : undefined;
  if (next === undefined) return;
  event.preventDefault();
  next?.querySelector('button')?.focus();
}

const clock = (instant: string, timeZone: string) =>
  new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone }).format(new Date(instant));
