import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { addDays } from '../../../components/range.ts';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { dayOf } from '../../../format/format-instant.ts';
import { startOfDay } from './start-of-day.ts';
import styles from './surface.module.css';

type Props = {
  readonly until: string | null;
  readonly onChange: (until: string | null) => void;
  readonly disabled: boolean;
};

/** The last day on which something holds, in the brand's time zone; empty: for good. What is over says so. */
export function UntilField({ until, onChange, disabled }: Props) {
  const { t } = useTranslation('recommend');
  const { timeZone } = useWorkspace();
  const lastDay = until === null ? null : addDays(dayOf(until, timeZone), -1);
  const isOver = until !== null && Date.parse(until) <= Date.now();
  return (
    <span className={styles.rowLine}>
      <DatePicker
        size="small"
        value={lastDay === null ? null : dayjs(lastDay)}
        placeholder={t('until.forGood')}
        aria-label={t('until.label', { timeZone })}
        title={t('until.label', { timeZone })}
        disabled={disabled}
        onChange={(day) =>
          onChange(day ? startOfDay(addDays(day.format('YYYY-MM-DD'), 1), timeZone).toISOString() : null)
        }
      />
      {isOver && <span className={styles.problem}>{t('until.over')}</span>}
    </span>
  );
}
