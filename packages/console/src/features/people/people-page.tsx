import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Input, Select, Space } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { peopleQuery } from '../../api/people.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Section } from '../../components/section.tsx';
import { TableSkeleton } from '../../components/skeletons.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import { useFormats } from '../../format/use-formats.ts';
import styles from './people.module.css';
import { PeopleTable } from './people-table.tsx';

const route = getRouteApi('/w/$workspaceId/people');
const sorts = ['last_seen', 'first_seen', 'revenue', 'orders', 'events'] as const;

/** Everybody the workspace knows; search and order live in the address bar. */
export function PeoplePage() {
  const { t } = useTranslation('people');
  const formats = useFormats();
  const workspace = useWorkspace();
  const { search, sort = 'last_seen' } = route.useSearch();
  const navigate = route.useNavigate();
  const people = useInfiniteQuery(peopleQuery(workspace.id, { search, sort, limit: 50 }));
  const [text, setText] = useState(search ?? '');
  useEffect(() => setText(search ?? ''), [search]);

  const rows = people.data?.pages.flatMap((page) => page.rows) ?? [];
  const total = people.data?.pages[0]?.total ?? (people.data && !people.hasNextPage ? rows.length : null);
  const answer =
    total === null || total === 0
      ? undefined
      : t(search ? 'answer.found' : 'answer.all', { count: total, shown: formats.count(total) });
  const find = (value: string) =>
    void navigate({ search: (before) => ({ ...before, search: value.trim() || undefined }) });
  const params = { workspaceId: String(workspace.id) };

  return (
    <>
      <PageHead title={t('title')} answer={answer} />
      <search className={styles.toolbar}>
        <Input.Search
          className={styles.search!}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            if (event.target.value === '') find('');
          }}
          onSearch={find}
          placeholder={t('search.placeholder')}
          aria-label={t('search.label')}
          aria-describedby="people-search-help"
          allowClear
        />
        <span className={styles.order}>
          <label htmlFor="people-sort">{t('sort.label')}</label>
          <Select
            id="people-sort"
            value={sort}
            onChange={(value) => void navigate({ search: (before) => ({ ...before, sort: value }) })}
            options={sorts.map((value) => ({ value, label: t(`sort.${value}`) }))}
            className={styles.sort!}
          />
        </span>
        <p id="people-search-help" className={styles.help}>
          {t('search.help')}
        </p>
      </search>
      <Section flush label={t('title')}>
        {people.isPending ? (
          <TableSkeleton says={t('waiting')} />
        ) : people.error && rows.length === 0 ? (
          <ErrorState error={people.error} retry={() => void people.refetch()} />
        ) : rows.length > 0 ? (
          <PeopleTable
            rows={rows}
            sort={sort}
            isRefreshing={people.isPlaceholderData}
            more={people.hasNextPage ? () => void people.fetchNextPage() : undefined}
            isLoadingMore={people.isFetchingNextPage}
          />
        ) : search ? (
          <EmptyState
            sentence={t('nothing.sentence')}
            example={t('nothing.example', { search: t('search.help') })}
            action={<Button onClick={() => find('')}>{t('nothing.action')}</Button>}
          />
        ) : (
          <EmptyState
            sentence={t('empty.sentence')}
            example={t('empty.example')}
            action={
              <Space wrap>
                <Link to="/w/$workspaceId/data/sources" params={params}>
                  <Button type="primary">{t('empty.sources')}</Button>
                </Link>
                <Link to="/w/$workspaceId/data/imports" params={params}>
                  <Button>{t('empty.action')}</Button>
                </Link>
              </Space>
            }
          />
        )}
      </Section>
    </>
  );
}
