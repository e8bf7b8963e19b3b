import type { ReactNode } from 'react';
import styles from './page-head.module.css';
import { usePageTitle } from './use-page-title.ts';

interface PageHeadProps {
  title: string;
  /** The page's answer in one sentence. It is the largest text: people read it and may stop there. */
  answer?: ReactNode;
  /** Filters and buttons, on the right. */
  actions?: ReactNode;
}

/** Opens every page: what it is, and its answer. */
export function PageHead({ title, answer, actions }: PageHeadProps) {
  usePageTitle(title);
  return (
    <header className={styles.head}>
      <div className={styles.words}>
        <h1 className={answer ? styles.title : styles.answer}>{title}</h1>
        {answer ? <p className={styles.answer}>{answer}</p> : null}
      </div>
      {actions ? <div className={styles.actions}>{actions}</div> : null}
    </header>
  );
}
