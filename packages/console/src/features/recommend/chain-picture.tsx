import type { RecommendMethod } from '@zhiyin/contract';
import { useTranslation } from 'react-i18next';
import styles from './recommend.module.css';

/** Where items come from, in order: the next is asked when the one before did not fill the list. */
export function ChainPicture({ chain }: { readonly chain: readonly RecommendMethod[] }) {
  const { t } = useTranslation('recommend');
  return (
    <ol className={styles.chain} aria-label={t('chain.label')}>
      {chain.map((method, at) => (
        <li key={method} title={t(`method.what.${method}`)}>
          {at > 0 && (
            <span className={styles.arrow} aria-hidden="true">
              →
            </span>
          )}
          <span className={styles.link}>{t(`method.name.${method}`)}</span>
        </li>
      ))}
    </ol>
  );
}
