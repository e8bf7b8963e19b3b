import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Space } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Section } from '../../../components/section.tsx';
import { TableSkeleton } from '../../../components/skeletons.tsx';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../data.module.css';

type Pages<Row> = { pages: { rows: Row[]; total: number | null }[] };
type Props<Row> = {
  readonly shelf: 'items' | 'reviews' | 'spend';
  readonly search: string;
  readonly list: UseInfiniteQueryResult<Pages<Row>, Error>;
  readonly children: (rows: Row[]) => ReactNode;
};

/** What the three shelves share: count, states, the next page. */
export function ShelfFrame<Row>({ shelf, search, list, children }: Props<Row>) {
  const { t } = useTranslation('data');
  const formats = useFormats();
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  const total = list.data?.pages[0]?.total ?? rows.length;
  return (
    <Section
      title={t(`library.shelves.${shelf}`)}
      subtitle={
        list.data && t('library.count', { count: total, shown: formats.count(rows.length), all: formats.count(total) })
      }
      flush
    >
      {list.data === undefined ? (
        list.error ? (
          <ErrorState error={list.error} retry={() => void list.refetch()} />
        ) : (
          <TableSkeleton rows={10} />
        )
      ) : rows.length === 0 ? (
        search ? (
          <EmptyState sentence={t('library.notFound', { search })} />
        ) : (
          <EmptyState
            sentence={t(`library.empty.${shelf}`)}
            example={t(`library.emptyExample.${shelf}`)}
            action={
              <Space wrap>
                <Link to="/w/$workspaceId/data/imports" params={true as never}>
                  <Button type="primary">{t('library.import')}</Button>
                </Link>
                {shelf !== 'spend' && (
                  <Link to="/w/$workspaceId/data/sources" params={true as never}>
                    <Button>{t('library.push')}</Button>
                  </Link>
                )}
              </Space>
            }
          />
        )
      ) : (
        <>
          {children(rows)}
          {list.hasNextPage && (
            <div className={styles.more}>
              <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {t('loadMore')}
              </Button>
            </div>
          )}
        </>
      )}
    </Section>
  );
}
