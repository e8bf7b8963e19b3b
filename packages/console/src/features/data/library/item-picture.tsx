import { useState } from 'react';
import styles from './library.module.css';
import { safeHref } from './safe-href.ts';

/** The item's picture; its first letter while there is none or it cannot be fetched. */
export function ItemPicture({ name, address }: { readonly name: string; readonly address: string }) {
  const [isBroken, setBroken] = useState(false);
  const source = safeHref(address);
  if (source === null || isBroken) {
    return (
      <span className={styles.placeholder} aria-hidden="true">
        {[...name.trim()][0] ?? '·'}
      </span>
    );
  }
  return (
    <img
      className={styles.picture}
      src={source}
      alt=""
      width={44}
      height={44}
      loading="lazy"
      referrerPolicy="no-referrer"
      onError={() => setBroken(true)}
    />
  );
}
