import { useNavigate, useSearch } from '@tanstack/react-router';
import { Input, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { PageHead } from '../../../components/page-head.tsx';
import styles from '../data.module.css';
import { ItemsTable } from './items-table.tsx';
import { ReviewsTable } from './reviews-table.tsx';
import { SpendTable } from './spend-table.tsx';

const shelves = ['items', 'reviews', 'spend'] as const;
type Shelf = (typeof shelves)[number];
const tables = { items: ItemsTable, reviews: ReviewsTable, spend: SpendTable };

/** What lies beside events: the catalogue, what people wrote, and what was spent. */
export function LibraryPage() {
  const { t } = useTranslation('data');
  const { shelf = 'items', search = '' } = useSearch({ strict: false }) as { shelf?: Shelf; search?: string };
  const navigate = useNavigate();
  const go = (next: { shelf?: Shelf; search?: string }) =>
    void navigate({ to: '/w/$workspaceId/data/library', params: true as never, search: next, replace: true });
  const Shelf = tables[shelf];
  return (
    <>
      <PageHead
        title={t('library.title')}
        answer={t(`library.answers.${shelf}`)}
        actions={
          <div className={styles.filters}>
            <Segmented<Shelf>
              aria-label={t('library.title')}
              value={shelf}
              options={shelves.map((value) => ({ value, label: t(`library.shelves.${value}`) }))}
              onChange={(next) => go({ shelf: next })}
            />
            <Input.Search
              key={`${shelf} ${search}`}
              allowClear
              defaultValue={search}
              placeholder={t(`library.search.${shelf}`)}
              aria-label={t(`library.search.${shelf}`)}
              style={{ width: 240 }}
              onSearch={(text) => go({ shelf, ...(text.trim() ? { search: text.trim() } : {}) })}
            />
          </div>
        }
      />
      <Shelf search={search} />
    </>
  );
}
