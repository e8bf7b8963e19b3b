import type { Person } from '@zhiyin/contract';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Count } from '../../components/count.tsx';
import { Money } from '../../components/money.tsx';
import { Section } from '../../components/section.tsx';
import { useFormats } from '../../format/use-formats.ts';
import styles from './person.module.css';

/** What the person has brought so far. */
export function PersonValue({ person }: { person: Person }) {
  const { t } = useTranslation('people');
  const formats = useFormats();
  const { value, currency } = person;
  const days = value.daysSinceLastOrder;
  const recency =
    days === null ? '–' : days < 1 ? t('person.value.today') : t('person.value.days', { count: Math.floor(days) });
  return (
    <Section title={t('person.value.title')} subtitle={t('person.value.subtitle', { currency })}>
      <dl className={styles.figures}>
        <Figure label={t('person.value.revenue')} lead>
          <Money minor={value.revenueMinor} currency={currency} />
        </Figure>
        <Figure
          label={t('person.value.orders')}
          note={value.firstOrderAt ? t('person.value.since', { day: formats.day(value.firstOrderAt) }) : ''}
        >
          <Count value={value.orders} />
        </Figure>
        <Figure label={t('person.value.average')}>
          {value.averageOrderMinor === null ? (
            '–'
          ) : (
            <Money minor={Math.round(value.averageOrderMinor)} currency={currency} />
          )}
        </Figure>
        <Figure label={t('person.value.refunded')}>
          {value.refundedMinor === 0 ? '–' : <Money minor={Math.abs(value.refundedMinor)} currency={currency} />}
        </Figure>
        <Figure label={t('person.value.recency')}>
          <span title={value.lastOrderAt ? formats.exact(value.lastOrderAt) : undefined}>{recency}</span>
        </Figure>
      </dl>
    </Section>
  );
}

interface FigureProps {
  label: string;
  note?: string;
  lead?: boolean;
  children: ReactNode;
}

function Figure({ label, note, lead = false, children }: FigureProps) {
  return (
    <div className={lead ? styles.lead : undefined}>
      <dt>{label}</dt>
      <dd className="tabular">{children}</dd>
      {note ? <dd className={styles.note}>{note}</dd> : null}
    </div>
  );
}
