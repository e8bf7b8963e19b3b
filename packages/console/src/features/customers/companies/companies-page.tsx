import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Input, Table } from 'antd';
import { useState } from 'react';
import { companiesQuery } from '../../../api/customers.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Instant } from '../../../components/instant.tsx';
import { Money } from '../../../components/money.tsx';
import { PageHead } from '../../../components/page-head.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { TableSkeleton } from '../../../components/skeletons.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import styles from '../customers.module.css';
import { useCustomerWords } from '../use-customer-words.ts';

const route = getRouteApi('/w/$workspaceId/customers/companies');

/** Companies and other groups, with what their people did and bought. */
export function CompaniesPage() {
  const { t, formats } = useCustomerWords();
  const workspace = useWorkspace();
  const { search } = route.useSearch();
  const navigate = route.useNavigate();
  const [text, setText] = useState(search ?? '');
  const companies = useInfiniteQuery(companiesQuery(workspace.id, { search, sort: 'spent' }));
  const rows = companies.data?.pages.flatMap((page) => page.rows) ?? [];
  const [first] = rows;
  return (
    <>
      <PageHead
        title={t('companies.title')}
        answer={
          first && !search
            ? t('companies.answer', {
                name: first.name,
                count: first.members,
                members: formats.count(first.members),
                spent: formats.money(first.spentMinor, first.currency),
              })
            : undefined
        }
      />
      {(rows.length > 0 || search) && (
        <search className={styles.toolbar}>
          <Input.Search
            style={{ maxWidth: 360 }}
            value={text}
            allowClear
            aria-label={t('companies.search')}
            placeholder={t('companies.search')}
            onChange={(event) => setText(event.target.value)}
            onSearch={(value) => void navigate({ search: { search: value.trim() || undefined } })}
          />
        </search>
      )}
      <QueryState query={companies} loading={<TableSkeleton />}>
        {() =>
          rows.length === 0 ? (
            <EmptyState
              sentence={t(search ? 'companies.notFound' : 'companies.empty')}
              example={search ? undefined : t('companies.emptyExample')}
              action={
                !search && (
                  <Link to="/w/$workspaceId/data/sources" params={true as never}>
                    <Button type="primary">{t('companies.emptyAction')}</Button>
                  </Link>
                )
              }
            />
          ) : (
            <Section flush label={t('companies.title')}>
              <Table
                rowKey="groupId"
                pagination={false}
                dataSource={rows}
                columns={[
                  {
                    title: t('companies.name'),
                    render: (_, company) => (
                      <Link
                        to="/w/$workspaceId/customers/companies/$groupId"
                        params={{ workspaceId: String(workspace.id), groupId: company.groupId }}
                      >
                        {company.name}
                      </Link>
                    ),
                  },
                  {
                    title: t('companies.members'),
                    align: 'right',
                    render: (_, company) => formats.count(company.members),
                  },
                  {
                    title: t('people.spent'),
                    align: 'right',
                    render: (_, company) => <Money minor={company.spentMinor} currency={company.currency} />,
                  },
                  {
                    title: t('people.orders'),
                    align: 'right',
                    responsive: ['sm'],
                    render: (_, company) => formats.count(company.orders),
                  },
                  {
                    title: t('companies.active'),
                    align: 'right',
                    responsive: ['md'],
                    render: (_, company) => formats.count(company.activeMembers),
                  },
                  {
                    title: t('people.lastSeen'),
                    responsive: ['md'],
                    render: (_, company) => <Instant at={company.lastSeenAt} />,
                  },
                ]}
              />
              {companies.hasNextPage && (
                <Button block onClick={() => void companies.fetchNextPage()} loading={companies.isFetchingNextPage}>
                  {t('common:loadMore')}
                </Button>
              )}
            </Section>
          )
        }
      </QueryState>
    </>
  );
}
