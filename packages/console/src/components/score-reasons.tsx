import type { PredictionReason } from '@zhiyin/contract';
import { useTranslation } from 'react-i18next';
import { type Formats, useFormats } from '../format/use-formats.ts';
import styles from './score-reasons.module.css';

type Props = {
  readonly reasons: readonly PredictionReason[];
  /** How many are shown. */
  readonly most?: number;
};

/** Why a score is what it is: each reason in words with its value, and a bar to the side it pushes. */
export function ScoreReasons({ reasons, most = 5 }: Props) {
  const { t } = useTranslation('predictions');
  const formats = useFormats();
  const shown = reasons.slice(0, most);
  const largest = shown.reduce((size, { contribution }) => Math.max(size, Math.abs(contribution)), 0);
  return (
    <ul className={styles.reasons}>
      {shown.map(({ feature, words, unit, value, contribution }) => {
        const side = contribution > 0 ? 'up' : contribution < 0 ? 'down' : 'fact';
        const size = largest > 0 ? Math.abs(contribution) / largest : 0;
        return (
          <li key={feature} data-side={side} title={side === 'fact' ? undefined : t(`reason.${side}`)}>
            {side !== 'fact' && (
              <span className={styles.track} aria-hidden="true">
                <i style={{ width: `${50 * size}%`, [side === 'up' ? 'left' : 'right']: '50%' }} />
              </span>
            )}
            <span>
              {side !== 'fact' && <b className={styles.sign}>{side === 'up' ? '↑' : '↓'}</b>}
              <span className={styles.hidden}>{side === 'fact' ? '' : t(`reason.${side}`)} </span>
              {words[formats.locale]}
              {unit === 'rule' ? '' : t('reason.is')}
              {unit !== 'rule' && <b className="tabular">{formatFeature(value, unit, formats, t('reason.unknown'))}</b>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** A value of a feature as people read it. */
export function formatFeature(value: number | string | null, unit: string, formats: Formats, unknown: string): string {
  if (value === null || value === '') return unknown;
  if (typeof value === 'string') return value.replace(/^"|"$/g, '');
  if (unit === 'money') return formats.money(Math.round(value));
  if (unit === 'share') return formats.rate(value);
  if (unit === 'days' || unit === 'count') return formats.count(Math.round(value * 10) / 10);
  return formats.count(Math.round(value * 100) / 100);
}
