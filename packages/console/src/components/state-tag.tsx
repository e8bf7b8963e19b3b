import { Tag } from 'antd';
import type { ReactNode } from 'react';
import styles from './state-tag.module.css';

export type StateTone = 'plain' | 'busy' | 'good' | 'caution' | 'bad';

/** A state in a word, on its tint; the word says it, the colour only helps. */
export function StateTag({ tone, children }: { tone: StateTone; children: ReactNode }) {
  return (
    <Tag variant="filled" className={`${styles.tag} ${styles[tone]}`}>
      {children}
    </Tag>
  );
}
