import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Rate, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { type ReviewRow, reviewsQuery } from '../../../api/library.ts';
import { Instant } from '../../../components/instant.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import styles from './library.module.css';
import { ShelfFrame } from './shelf-frame.tsx';

export function ReviewsTable({ search }: { readonly search: string }) {
  const { t } = useTranslation('data');
  const { id, can } = useWorkspace();
  const list = useInfiniteQuery(reviewsQuery(id, search ? { search } : {}));
  return (
    <ShelfFrame shelf="reviews" search={search} list={list}>
      {(rows) => (
        <Table<ReviewRow>
          rowKey="reviewKey"
          dataSource={rows}
          pagination={false}
          scroll={{ x: 900 }}
          columns={[
            {
              title: t('fields.rating'),
              width: 150,
              render: (_, { rating }) =>
                rating === null ? (
                  '–'
                ) : (
                  <span role="img" aria-label={t('library.stars', { count: rating })}>
                    <Rate disabled allowHalf value={rating} style={{ fontSize: 14 }} />
                  </span>
                ),
            },
            {
              title: t('fields.text'),
              render: (_, { title, text }) => (
                <div className={styles.review}>
                  {title && <b>{title}</b>}
                  <p>{text}</p>
                </div>
              ),
            },
            { title: t('library.about'), render: (_, { itemName, itemId }) => itemName || itemId || '–' },
            {
              title: t('live.person'),
              render: (_, { profileId }) =>
                profileId === null ? (
                  t('library.unknownPerson')
                ) : can('people:read') ? (
                  <Link
                    to="/w/$workspaceId/people/$profileId"
                    params={((before: object) => ({ ...before, profileId })) as never}
                  >
                    {t('library.seePerson')}
                  </Link>
                ) : (
                  '–'
                ),
            },
            { title: t('fields.language'), dataIndex: 'language' },
            { title: t('library.written'), render: (_, { occurredAt }) => <Instant at={occurredAt} /> },
          ]}
        />
      )}
    </ShelfFrame>
  );
}
