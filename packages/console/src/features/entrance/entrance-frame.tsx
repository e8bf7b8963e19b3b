import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LanguageSwitch } from '../../components/language-switch.tsx';
import { ThemeSwitch } from '../../components/theme-switch.tsx';
import { usePageTitle } from '../../components/use-page-title.ts';
import { Wordmark } from '../../components/wordmark.tsx';
import styles from './entrance-frame.module.css';

interface EntranceFrameProps {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
}

/** The pages before a workspace: one sheet, language and theme within reach. */
export function EntranceFrame({ title, lead, children }: EntranceFrameProps) {
  const { t } = useTranslation('entrance');
  usePageTitle(title);
  return (
    <div className={styles.frame}>
      <header className={styles.bar}>
        <Wordmark />
        <span className={styles.tools}>
          <LanguageSwitch />
          <ThemeSwitch />
        </span>
      </header>
      <main className={styles.main}>
        <div className={styles.sheet}>
          <h1 className={styles.title}>{title}</h1>
          {lead ? <p className={styles.lead}>{lead}</p> : null}
          {children}
        </div>
        <p className={styles.foot}>{t('foot')}</p>
      </main>
    </div>
  );
}
