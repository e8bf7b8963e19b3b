import { calendarPeriods, type RuleDuration, type RuleWindow, timeUnits } from '@zhiyin/contract';
import { DatePicker, InputNumber, Select } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import styles from './builder.module.css';

type Kind = RuleWindow['kind'];
const kinds: readonly Kind[] = ['last', 'ago', 'calendar', 'since', 'before', 'between', 'ever'];

type Props = { readonly window: RuleWindow; readonly onChange: (window: RuleWindow) => void };

/** `in the last 30 days`, `this month`, `since 1 June`: when it must have been. */
export function WindowFields({ window, onChange }: Props) {
  const { t } = useTranslation('segments');
  return (
    <>
      <Select
        className={styles.short!}
        aria-label={t('builder.window')}
        value={window.kind}
        options={kinds.map((value) => ({ value, label: t(`window.${value}`) }))}
        onChange={(kind) => onChange(firstWindow(kind))}
        popupMatchSelectWidth={false}
      />
      <WindowValue window={window} onChange={onChange} />
    </>
  );
}

function WindowValue({ window, onChange }: Props) {
  const { t } = useTranslation('segments');
  switch (window.kind) {
    case 'last':
      return <DurationFields duration={window} onChange={(duration) => onChange({ ...window, ...duration })} />;
    case 'ago':
      return (
        <>
          <Amount label={t('builder.from')} value={window.from} onChange={(from) => onChange({ ...window, from })} />
          <span className={styles.word}>{t('builder.to')}</span>
          <Amount label={t('builder.to')} value={window.to} onChange={(to) => onChange({ ...window, to: to ?? 1 })} />
          <Unit value={window.unit} onChange={(unit) => onChange({ ...window, unit })} />
          <span className={styles.word}>{t('builder.ago')}</span>
        </>
      );
    case 'calendar':
      return (
        <Select
          className={styles.short!}
          aria-label={t('builder.period')}
          value={window.period}
          options={calendarPeriods.map((value) => ({ value, label: t(`period.${value}`) }))}
          onChange={(period) => onChange({ ...window, period })}
          popupMatchSelectWidth={false}
        />
      );
    case 'since':
    case 'before':
      return <Day label={t('builder.day')} value={window.date} onChange={(date) => onChange({ ...window, date })} />;
    case 'between':
      return (
        <>
          <Day label={t('builder.from')} value={window.from} onChange={(from) => onChange({ ...window, from })} />
          <span className={styles.word}>{t('builder.to')}</span>
          <Day label={t('builder.to')} value={window.to} onChange={(to) => onChange({ ...window, to })} />
        </>
      );
    default:
      return null;
  }
}

export function DurationFields({
  duration,
  onChange,
}: {
  readonly duration: RuleDuration;
  readonly onChange: (duration: RuleDuration) => void;
}) {
  const { t } = useTranslation('segments');
  const { amount, unit } = duration;
  return (
    <>
      <Amount label={t('builder.amount')} value={amount} onChange={(next) => onChange({ amount: next ?? 1, unit })} />
      <Unit value={unit} onChange={(next) => onChange({ amount, unit: next })} />
    </>
  );
}

function Amount({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}) {
  return (
    <InputNumber
      className={styles.number!}
      aria-label={label}
      min={1}
      max={100_000}
      precision={0}
      value={value}
      onChange={onChange}
    />
  );
}

function Unit({
  value,
  onChange,
}: {
  readonly value: RuleDuration['unit'];
  readonly onChange: (unit: RuleDuration['unit']) => void;
}) {
  const { t } = useTranslation('segments');
  return (
    <Select
      className={styles.unit!}
      aria-label={t('builder.unit')}
      value={value}
      options={timeUnits.map((unit) => ({ value: unit, label: t(`unit.${unit}`) }))}
      onChange={onChange}
      popupMatchSelectWidth={false}
    />
  );
}

function Day({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (day: string) => void;
}) {
  return (
    <DatePicker
      aria-label={label}
      allowClear={false}
      value={dayjs(value)}
      onChange={(day) => {
        if (day) onChange(day.format('YYYY-MM-DD'));
      }}
    />
  );
}

function firstWindow(kind: Kind): RuleWindow {
  const today = dayjs();
  const day = (back: number) => today.subtract(back, 'day').format('YYYY-MM-DD');
  switch (kind) {
    case 'last':
      return { kind, amount: 30, unit: 'days' };
    case 'ago':
      return { kind, from: 60, to: 30, unit: 'days' };
    case 'calendar':
      return { kind, period: 'this_month' };
    case 'since':
    case 'before':
      return { kind, date: day(30) };
    case 'between':
      return { kind, from: day(30), to: day(0) };
    case 'ever':
      return { kind };
  }
}
