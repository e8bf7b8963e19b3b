import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { addDays, type DayRange, lastDays } from './range.ts';
import { useWorkspace } from './workspace-context.ts';

interface RangePickerProps {
  range: DayRange;
  setRange: (range: DayRange) => void;
  /** The last day that has data; the shortcuts end there. */
  lastDay: string;
}

/** Days from the first to the last, both included, as people say it; the half-open range stays inside. */
export function RangePicker({ range, setRange, lastDay }: RangePickerProps) {
  const { t } = useTranslation();
  const { timeZone } = useWorkspace();
  const shortcut = (label: string, days: number) => {
    const { from, to } = lastDays(days, lastDay);
    return { label, value: [dayjs(from), dayjs(addDays(to, -1))] as [dayjs.Dayjs, dayjs.Dayjs] };
  };
  // The same dates must be the same objects: new ones make the picker forget a first day that was just chosen.
  const value = useMemo<[dayjs.Dayjs, dayjs.Dayjs]>(
    () => [dayjs(range.from), dayjs(addDays(range.to, -1))],
    [range.from, range.to],
  );
  return (
    <DatePicker.RangePicker
      allowClear={false}
      value={value}
      presets={[
        shortcut(t('range.days', { count: 7 }), 7),
        shortcut(t('range.days', { count: 30 }), 30),
        shortcut(t('range.days', { count: 90 }), 90),
        shortcut(t('range.year'), 365),
      ]}
      onChange={(chosen) => {
        const [first, last] = chosen ?? [];
        if (first && last) setRange({ from: first.format('YYYY-MM-DD'), to: addDays(last.format('YYYY-MM-DD'), 1) });
      }}
      aria-label={t('range.label', { timeZone })}
      title={t('range.label', { timeZone })}
    />
  );
}
