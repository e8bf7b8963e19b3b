import type { RecommendMove } from '@zhiyin/contract';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../../format/use-formats.ts';
import styles from './surface.module.css';

const examplesShown = 3;

/** What each rule moved, from which place to which, with the number behind it. */
export function MovedList({ moved }: { readonly moved: readonly RecommendMove[] }) {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  const place = (at: number | null) => (at === null ? t('moved.outside') : formats.count(at));
  return (
    <div>
      <h3>{t('moved.title')}</h3>
      {moved.length === 0 ? (
        <p className="faint">{t('moved.none')}</p>
      ) : (
        <ul className={styles.plain}>
          {moved.map(({ rule, items, examples }) => (
            <li key={rule}>
              <span>
                {t(`moved.rule.${rule}`, { defaultValue: rule })}
                {examples.slice(0, examplesShown).map((one) => (
                  <span key={one.itemId} className={styles.summary}>
                    {t('moved.example', { name: one.name, from: place(one.from), to: place(one.to) })}
                    {Object.entries(one.values).map(([name, value]) => (
                      <span key={name}>{sayValue(name, value)}</span>
                    ))}
                  </span>
                ))}
              </span>
              <b className="tabular">{formats.count(items)}</b>
            </li>
          ))}
        </ul>
      )}
    </div>
  );

  function sayValue(name: string, value: number): string {
    const isShare = name === 'margin' || name === 'popularity' || name === 'novelty' || name === 'cameBack';
    const said = isShare ? formats.rate(value) : formats.count(name === 'factor' ? value : Math.round(value));
    const words = t(`moved.value.${name}`, { value: said, defaultValue: '' });
    return words ? t('moved.aside', { words }) : '';
  }
}
