import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/use-formats.ts';
import styles from './outcome-bar.module.css';

export type OutcomePart = {
  readonly key: 'valid' | 'accepted' | 'repaired' | 'duplicate' | 'quarantined' | 'pending';
  readonly records: number;
};

/** Parts of a whole as one bar that adds up; each part has its name, number and share beneath, and a pattern of its own. */
export function OutcomeBar({ parts, label }: { readonly parts: readonly OutcomePart[]; readonly label: string }) {
  const { t } = useTranslation('data');
  const formats = useFormats();
  const all = parts.reduce((sum, { records }) => sum + records, 0);
  return (
    <figure className={styles.figure} aria-label={label}>
      <div className={styles.bar} aria-hidden="true">
        {parts.map(({ key, records }) =>
          records > 0 ? <span key={key} data-part={key} style={{ flexGrow: records }} /> : null,
        )}
      </div>
      <dl className={styles.parts}>
        {parts.map(({ key, records }) => (
          <div key={key} data-none={records === 0}>
            <dt>
              <span className={styles.swatch} data-part={key} aria-hidden="true" />
              {t(`outcome.${key}`)}
            </dt>
            <dd className={styles.number}>{formats.count(records)}</dd>
            <dd className={styles.share}>{all > 0 ? formats.rate(records / all, 1) : '–'}</dd>
          </div>
        ))}
      </dl>
    </figure>
  );
}
