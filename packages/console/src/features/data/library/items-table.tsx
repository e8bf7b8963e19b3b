import { useInfiniteQuery } from '@tanstack/react-query';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { type ItemRow, itemsQuery } from '../../../api/library.ts';
import { Count } from '../../../components/count.tsx';
import { Instant } from '../../../components/instant.tsx';
import { ItemPicture } from '../../../components/item-picture.tsx';
import { Money } from '../../../components/money.tsx';
import { safeHref } from '../../../components/safe-href.ts';
import { useWorkspace } from '../../../components/workspace-context.ts';
import styles from './library.module.css';
import { ShelfFrame } from './shelf-frame.tsx';

export function ItemsTable({ search }: { readonly search: string }) {
  const { t } = useTranslation('data');
  const { id } = useWorkspace();
  const list = useInfiniteQuery(itemsQuery(id, search ? { search } : {}));
  return (
    <ShelfFrame shelf="items" search={search} list={list}>
      {(rows) => (
        <Table<ItemRow>
          rowKey="itemId"
          dataSource={rows}
          pagination={false}
          scroll={{ x: 900 }}
          columns={[
            {
              key: 'picture',
              width: 68,
              render: (_, item) => <ItemPicture name={item.name} address={item.imageUrl} />,
            },
            {
              title: t('fields.name'),
              render: (_, item) => {
                const href = safeHref(item.url);
                const name = item.name || item.itemId;
                return (
                  <div className={styles.item}>
                    {href ? (
                      <a href={href} target="_blank" rel="noreferrer noopener">
                        {name}
                      </a>
                    ) : (
                      <b>{name}</b>
                    )}
                    <span className={styles.description}>{item.description}</span>
                  </div>
                );
              },
            },
            { title: t('fields.item_id'), render: (_, item) => <code className={styles.code}>{item.itemId}</code> },
            { title: t('fields.category'), dataIndex: 'category' },
            { title: t('fields.brand'), dataIndex: 'brand' },
            {
              title: t('fields.price'),
              align: 'right',
              render: (_, item) =>
                item.priceMinor === null ? (
                  '–'
                ) : (
                  <Money minor={item.priceMinor} currency={item.currency || undefined} />
                ),
            },
            {
              title: t('fields.stock'),
              align: 'right',
              render: (_, item) => (item.stock === null ? '–' : <Count value={item.stock} />),
            },
            { title: t('library.updated'), render: (_, item) => <Instant at={item.updatedAt} /> },
          ]}
        />
      )}
    </ShelfFrame>
  );
}
