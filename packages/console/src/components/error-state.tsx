import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { isApiError } from '../api/api-error.ts';
import { CopyText } from './copy-text.tsx';
import { explainError } from './explain-error.ts';
import styles from './states.module.css';

interface ErrorStateProps {
  error: unknown;
  /** Asks again. */
  retry?: () => void;
  /** What was not lost, when something might have been. */
  kept?: string;
}

/** What happened, what was not lost, what to do, and an id to quote. */
export function ErrorState({ error, retry, kept }: ErrorStateProps) {
  const { t } = useTranslation();
  const said = explainError(error, t);
  const id = isApiError(error) ? error.problem.instance : '';
  return (
    <div className={styles.state} role="alert">
      <p className={styles.sentence}>{said.what}</p>
      {said.detail ? <p className={styles.example}>{said.detail}</p> : null}
      <p className={styles.example}>{[kept ?? t('error.kept'), said.fix].filter(Boolean).join(t('sentenceGap'))}</p>
      {retry ? <Button onClick={retry}>{t('error.retry')}</Button> : null}
      {id ? (
        <p className={styles.quote}>
          {t('error.quote')} <CopyText text={id} code />
        </p>
      ) : null}
    </div>
  );
}
