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
  // A few among millions are not none.
  const share = (records: number) => {
    if (all === 0) return '–';
    return records > 0 && records / all < 0.0005 ? `< ${formats.rate(0.001)}` : formats.rate(records / all, 1);
  };
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
            <dd className={styles.share}>{share(records)}</dd>
          </div>
        ))}
      </dl>
    </figure>
  );
}
