import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/use-formats.ts';
import styles from './recommend.module.css';

type Props = {
  readonly rate: { readonly value: number; readonly low: number; readonly high: number };
  /** Right end of the scale; the same for all bars that are compared. */
  readonly most: number;
};

/** A rate with its 95 % interval on a scale from zero: a dot, a band, and both in numbers. */
export function IntervalBar({ rate, most }: Props) {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  const at = (value: number) => `${Math.min(100, (100 * value) / Math.max(most, 1e-9))}%`;
  return (
    <div className={styles.interval}>
      <span className={styles.intervalTrack} aria-hidden="true">
        <span
          className={styles.intervalBand}
          style={{ left: at(rate.low), width: at(Math.min(rate.high, most) - rate.low) }}
        />
        <span className={styles.intervalDot} style={{ left: at(rate.value) }} />
      </span>
      <span className={styles.intervalNumbers}>
        <b className="tabular">{formats.rate(rate.value, 1)}</b>
        <span className={`${styles.small} tabular`} title={t('interval')}>
          {formats.rate(rate.low, 1)}–{formats.rate(rate.high, 1)}
        </span>
      </span>
    </div>
  );
}
