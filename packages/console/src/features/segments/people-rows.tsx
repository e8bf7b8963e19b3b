import type { PersonRow } from '@zhiyin/contract';
import { Button, Table, type TableColumnsType } from 'antd';
import { useTranslation } from 'react-i18next';
import { Count } from '../../components/count.tsx';
import { Instant } from '../../components/instant.tsx';
import { Money } from '../../components/money.tsx';
import { PersonLink } from '../../components/person-link.tsx';
import styles from './segments.module.css';

type Props = {
  readonly rows: readonly PersonRow[];
  readonly enteredAt?: (row: PersonRow) => string | null;
  readonly more: (() => void) | undefined;
  readonly isLoadingMore: boolean;
};

/** People of a segment or list, each a way to the profile page. */
export function PeopleRows({ rows, enteredAt, more, isLoadingMore }: Props) {
  const { t } = useTranslation('segments');
  const columns: TableColumnsType<PersonRow> = [
    {
      key: 'person',
      title: t('members.person'),
      render: (_, row) => <PersonLink profileId={row.profileId} displayName={row.displayName} />,
    },
    {
      key: 'revenue',
      title: t('members.revenue'),
      align: 'right',
      render: (_, row) => (row.orders === 0 ? '–' : <Money minor={row.revenueMinor} currency={row.currency} />),
    },
    {
      key: 'orders',
      title: t('members.orders'),
      align: 'right',
      responsive: ['sm'],
      render: (_, row) => <Count value={row.orders} />,
    },
    {
      key: 'seen',
      title: t('members.lastSeen'),
      responsive: ['md'],
      render: (_, row) => <Instant at={row.lastSeenAt} />,
    },
    ...(enteredAt
      ? [
          {
            key: 'entered',
            title: t('members.entered'),
            responsive: ['sm' as const],
            render: (_: unknown, row: PersonRow) => <Instant at={enteredAt(row)} />,
          },
        ]
      : []),
  ];
  return (
    <>
      <Table rowKey="profileId" columns={columns} dataSource={rows as PersonRow[]} pagination={false} size="middle" />
      <div className={styles.foot}>
        <span className="faint tabular">{t('members.shown', { count: rows.length })}</span>
        {more ? (
          <Button onClick={more} loading={isLoadingMore}>
            {t('common:loadMore')}
          </Button>
        ) : null}
      </div>
    </>
  );
}
