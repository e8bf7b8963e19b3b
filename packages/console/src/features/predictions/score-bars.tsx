import type { PredictionRun } from '@zhiyin/contract';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/use-formats.ts';
import styles from './predictions.module.css';

/** How scores lie over people, as a strip of columns: from the least on the left to the largest. */
export function ScoreBars({ run }: { readonly run: PredictionRun }) {
  const { t } = useTranslation('predictions');
  const formats = useFormats();
  const most = run.histogram.reduce((largest, { people }) => Math.max(largest, people), 1);
  return (
    <div className={styles.bars} role="img" aria-label={t('scoresOver', { people: formats.count(run.people ?? 0) })}>
      {run.histogram.map(({ from, people }) => (
        <i
          key={from}
          style={{ height: `${Math.max(people > 0 ? 3 : 0, (100 * people) / most)}%` }}
          title={formats.count(people)}
        />
      ))}
    </div>
  );
}
