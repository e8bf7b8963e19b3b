import { Skeleton } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Section } from './section.tsx';
import styles from './skeletons.module.css';
import states from './states.module.css';

const range = (n: number) => Array.from({ length: n }, (_, index) => index);

/** After 2 s of waiting, says what is going on. */
export function Waiting({ says }: { says?: string }) {
  const { t } = useTranslation();
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLong(true), 2_000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p className={states.waiting} role="status">
      {isLong ? (says ?? t('waiting')) : ''}
    </p>
  );
}

function Shape({ says, children }: { says?: string; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div aria-busy="true">
      <span className="visually-hidden">{t('loading')}</span>
      {children}
      <Waiting says={says} />
    </div>
  );
}

/** A table to come. */
export function TableSkeleton({ rows = 8, says }: { rows?: number; says?: string }) {
  return (
    <Shape says={says}>
      <div className={styles.table}>
        {range(rows).map((row) => (
          <Skeleton.Input key={row} active block size="small" className={styles.row} />
        ))}
      </div>
    </Shape>
  );
}

/** A row of figures to come. */
export function TilesSkeleton({ tiles = 4, says }: { tiles?: number; says?: string }) {
  return (
    <Shape says={says}>
      <div className={styles.tiles}>
        {range(tiles).map((tile) => (
          <Skeleton key={tile} active title={{ width: '40%' }} paragraph={{ rows: 1, width: '70%' }} />
        ))}
      </div>
    </Shape>
  );
}

/** A chart to come: bars on a base line. */
export function ChartSkeleton({ height = 260, says }: { height?: number; says?: string }) {
  return (
    <Shape says={says}>
      <div className={styles.chart} style={{ height }}>
        {range(12).map((bar) => (
          <span key={bar} style={{ height: `${35 + ((bar * 37) % 55)}%` }} />
        ))}
      </div>
    </Shape>
  );
}

/** A whole page to come, while its code is fetched. */
export function PageSkeleton() {
  return (
    <Shape>
      <Skeleton active title={{ width: 160 }} paragraph={{ rows: 1, width: '50%' }} className={styles.head} />
      <Section title={<Skeleton.Input active size="small" />}>
        <TableSkeleton />
      </Section>
    </Shape>
  );
}
