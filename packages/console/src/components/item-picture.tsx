import { useState } from 'react';
import styles from './item-picture.module.css';
import { safeHref } from './safe-href.ts';

type Props = {
  readonly name: string;
  readonly address: string;
  readonly isLarge?: boolean;
};

const sizes = { small: 44, large: 56 } as const;

/** The item's picture; its first letter while there is none or it cannot be fetched. */
export function ItemPicture({ name, address, isLarge = false }: Props) {
  const [isBroken, setBroken] = useState(false);
  const source = safeHref(address);
  const className = isLarge ? `${styles.picture} ${styles.large}` : styles.picture;
  if (source === null || isBroken) {
    return (
      <span className={className} aria-hidden="true">
        {[...name.trim()][0] ?? '·'}
      </span>
    );
  }
  const size = isLarge ? sizes.large : sizes.small;
  return (
    <img
      className={className}
      src={source}
      alt=""
      width={size}
      height={size}
      loading="lazy"
      referrerPolicy="no-referrer"
      onError={() => setBroken(true)}
    />
  );
}
