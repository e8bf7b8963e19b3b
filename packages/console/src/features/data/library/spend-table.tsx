import { useInfiniteQuery } from '@tanstack/react-query';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { type SpendRow, spendQuery } from '../../../api/library.ts';
import { Count } from '../../../components/count.tsx';
import { Money } from '../../../components/money.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import { ShelfFrame } from './shelf-frame.tsx';

export function SpendTable({ search }: { readonly search: string }) {
  const { t } = useTranslation('data');
  const { id } = useWorkspace();
  const formats = useFormats();
  const list = useInfiniteQuery(spendQuery(id, search ? { search } : {}));
  return (
    <ShelfFrame shelf="spend" search={search} list={list}>
      {(rows) => (
        <Table<SpendRow>
          rowKey={(row) => `${row.day} ${row.mediaChannel} ${row.campaign} ${row.currency}`}
          dataSource={rows}
          pagination={false}
          scroll={{ x: 'max-content' }}
          columns={[
            { title: t('fields.day'), render: (_, { day }) => formats.date(day) },
            { title: t('fields.media_channel'), dataIndex: 'mediaChannel' },
            { title: t('fields.campaign'), dataIndex: 'campaign' },
            {
              title: t('fields.spend'),
              align: 'right',
              render: (_, row) => <Money minor={row.spendMinor} currency={row.currency} />,
            },
            { title: t('fields.impressions'), align: 'right', render: (_, row) => <Count value={row.impressions} /> },
            { title: t('fields.clicks'), align: 'right', render: (_, row) => <Count value={row.clicks} /> },
            {
              title: t('library.costPerClick'),
              align: 'right',
              render: (_, row) =>
                row.clicks > 0 ? <Money minor={row.spendMinor / row.clicks} currency={row.currency} /> : '–',
            },
          ]}
        />
      )}
    </ShelfFrame>
  );
}
