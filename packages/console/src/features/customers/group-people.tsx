import { useInfiniteQuery } from '@tanstack/react-query';
import type { CustomerPeopleQuery } from '@zhiyin/contract';
import { Button, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { customerPeopleQuery } from '../../api/customers.ts';
import { Instant } from '../../components/instant.tsx';
import { Money } from '../../components/money.tsx';
import { PersonLink } from '../../components/person-link.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { TableSkeleton } from '../../components/skeletons.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import { useFormats } from '../../format/use-formats.ts';

/** Who is in a group, who spent most first. */
export function GroupPeople({ who }: { who: Partial<CustomerPeopleQuery> }) {
  const { t } = useTranslation('customers');
  const formats = useFormats();
  const workspace = useWorkspace();
  const people = useInfiniteQuery(customerPeopleQuery(workspace.id, who));
  return (
    <QueryState query={people} loading={<TableSkeleton rows={5} />}>
      {({ pages }) => (
        <>
          <Table
            rowKey="profileId"
            size="small"
            pagination={false}
            dataSource={pages.flatMap(({ rows }) => rows)}
            locale={{ emptyText: t('people.none') }}
            columns={[
              {
                title: t('people.name'),
                render: (_, person) => <PersonLink profileId={person.profileId} displayName={person.displayName} />,
              },
              {
                title: t('people.spent'),
                align: 'right',
                render: (_, person) => <Money minor={person.revenueMinor} currency={person.currency} />,
              },
              { title: t('people.orders'), align: 'right', render: (_, person) => formats.count(person.orders) },
              {
                title: t('people.lastSeen'),
                responsive: ['sm'],
                render: (_, person) => <Instant at={person.lastSeenAt} />,
              },
            ]}
          />
          {people.hasNextPage && (
            <Button block onClick={() => void people.fetchNextPage()} loading={people.isFetchingNextPage}>
              {t('common:loadMore')}
            </Button>
          )}
        </>
      )}
    </QueryState>
  );
}
