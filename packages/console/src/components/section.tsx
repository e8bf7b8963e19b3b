import { type ReactNode, useId } from 'react';
import styles from './section.module.css';

interface SectionProps {
  title?: ReactNode;
  /** What the part is, for screen readers, when it shows no title. */
  label?: string;
  /** Measure, unit, period, n; or what this part is for. */
  subtitle?: ReactNode;
  actions?: ReactNode;
  /** Without inner space, for tables that reach the edges. */
  flush?: boolean;
  children: ReactNode;
}

/** A sheet of paper on the page: a titled part with a rule around it. */
export function Section({ title, label, subtitle, actions, flush = false, children }: SectionProps) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={title ? id : undefined} aria-label={title ? undefined : label}>
      {title ? (
        <div className={styles.head}>
          <div className={styles.words}>
            <h2 id={id} className={styles.title}>
              {title}
            </h2>
            {subtitle ? <p className={styles.subtitle}>{subtitle}</p> : null}
          </div>
          {actions ? <div className={styles.actions}>{actions}</div> : null}
        </div>
      ) : null}
      <div className={flush ? (title ? styles.flush : undefined) : styles.body}>{children}</div>
    </section>
  );
}
