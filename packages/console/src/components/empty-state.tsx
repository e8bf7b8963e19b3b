import type { ReactNode } from 'react';
import styles from './states.module.css';

interface EmptyStateProps {
  /** One sentence: what would be here. */
  sentence: ReactNode;
  /** One thing to do. */
  action?: ReactNode;
  /** One example of what it will look like. */
  example?: ReactNode;
}

/** Nothing here yet: one sentence, one action, one example. */
export function EmptyState({ sentence, action, example }: EmptyStateProps) {
  return (
    <div className={styles.state}>
      <EmptySheet />
      <p className={styles.sentence}>{sentence}</p>
      {example ? <p className={styles.example}>{example}</p> : null}
      {action}
    </div>
  );
}

/** An empty sheet with its first stroke. */
function EmptySheet() {
  return (
    <svg width="56" height="44" viewBox="0 0 56 44" aria-hidden="true" className={styles.drawing}>
      <rect x="8" y="3" width="40" height="38" rx="4" fill="var(--sheet)" stroke="var(--line)" strokeWidth="1.5" />
      <path d="M16 14h24M16 22h24M16 30h12" stroke="var(--line)" strokeWidth="2" strokeLinecap="round" />
      <path d="M16 30h7" stroke="var(--indigo)" strokeWidth="2" strokeLinecap="round" />
    </svg>
  );
}
