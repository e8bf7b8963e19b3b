import { Link } from '@tanstack/react-router';
import type { PersonRow } from '@zhiyin/contract';
import { Button, Table, type TableColumnsType } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Count } from '../../components/count.tsx';
import { Instant } from '../../components/instant.tsx';
import { Money } from '../../components/money.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import styles from './people.module.css';
import { PersonMark } from './person-mark.tsx';

interface PeopleTableProps {
  rows: readonly PersonRow[];
  sort: string;
  isRefreshing: boolean;
  more?: () => void;
  isLoadingMore: boolean;
}

export function PeopleTable({ rows, sort, isRefreshing, more, isLoadingMore }: PeopleTableProps) {
  const { t } = useTranslation('people');
  const workspace = useWorkspace();
  const columns = useMemo<TableColumnsType<PersonRow>>(
    () => [
      {
        key: 'person',
        title: t('column.person'),
        render: (_, person) => (
          <Link
            to="/w/$workspaceId/people/$profileId"
            params={{ workspaceId: String(workspace.id), profileId: person.profileId }}
            className={styles.person!}
          >
            <PersonMark name={person.displayName} isKnown={person.isKnown} />
            <span className={styles.name}>{person.displayName}</span>
          </Link>
        ),
      },
      {
        key: 'revenue',
        title: t('column.revenue'),
        align: 'right',
        render: (_, person) =>
          person.revenueMinor === 0 && person.orders === 0 ? (
            <Nothing />
          ) : (
            <Money minor={person.revenueMinor} currency={person.currency} />
          ),
      },
      {
        key: 'orders',
        title: t('column.orders'),
        align: 'right',
        render: (_, person) => (person.orders === 0 ? <Nothing /> : <Count value={person.orders} />),
      },
      {
        key: 'events',
        title: t('column.events'),
        align: 'right',
        responsive: ['md'],
        render: (_, person) => <Count value={person.events} />,
      },
      {
        key: 'first_seen',
        title: t('column.firstSeen'),
        responsive: ['lg'],
        render: (_, person) => <Instant at={person.firstSeenAt} />,
      },
      {
        key: 'last_seen',
        title: t('column.lastSeen'),
        responsive: ['sm'],
        render: (_, person) => <Instant at={person.lastSeenAt} />,
      },
    ],
    [t, workspace.id],
  );
  return (
    <>
      <Table
        rowKey="profileId"
        columns={columns.map((column) => (column.key === sort ? { ...column, className: styles.sorted! } : column))}
        dataSource={rows as PersonRow[]}
        pagination={false}
        loading={isRefreshing}
        size="middle"
      />
      <div className={styles.foot}>
        <span className="faint tabular">{t('list.shown', { count: rows.length })}</span>
        {more ? (
          <Button onClick={more} loading={isLoadingMore}>
            {t('common:loadMore')}
          </Button>
        ) : null}
      </div>
    </>
  );
}

/** A zero that does not shout. */
function Nothing() {
  return <span className="faint">–</span>;
}
