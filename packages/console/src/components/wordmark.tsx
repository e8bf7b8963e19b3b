import styles from './wordmark.module.css';

/** The mark: three strings and the one that answers. The name is a name: it is not translated. */
export function Wordmark() {
  return (
    <span className={styles.wordmark}>
      <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="7" fill="#2F4B7C" />
        <path d="M9 8v16M16 11v10M23 6v20" stroke="#FAF8F4" strokeWidth="2.4" strokeLinecap="round" />
        <circle cx="16" cy="16" r="2.6" fill="#E5B457" />
      </svg>
      <span translate="no">{name}</span>
    </span>
  );
}

const name = '知音 Zhiyin';
