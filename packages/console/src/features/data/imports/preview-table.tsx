import { CheckCircleFilled, ExclamationCircleFilled } from '@ant-design/icons';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ImportPreview } from '@zhiyin/contract';
import { Table } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { QueryState } from '../../../components/query-state.tsx';
import { TableSkeleton } from '../../../components/skeletons.tsx';
import { explainReason } from '../explain-reason.ts';
import { explainRepair } from '../explain-repair.ts';
import { explainSaid } from '../explain-said.ts';
import { flattenRecord } from './flatten-record.ts';
import styles from './imports.module.css';

type Props = { readonly preview: UseQueryResult<ImportPreview, Error>; readonly isStale: boolean };

/** 20 rows as they will become; those that would be held back say why. */
export function PreviewTable({ preview, isStale }: Props) {
  const { t } = useTranslation('data');
  return (
    <QueryState query={preview} loading={<TableSkeleton rows={6} says={t('imports.previewWait')} />}>
      {({ rows }) => (
        <div data-stale={isStale} className={styles.preview} aria-busy={isStale}>
          <Rows rows={rows} />
        </div>
      )}
    </QueryState>
  );
}

type Row = ImportPreview['rows'][number];
function Rows({ rows }: { readonly rows: Row[] }) {
  const { t } = useTranslation('data');
  const shown = useMemo(() => rows.map((row) => ({ ...row, cells: flattenRecord(row.becomes ?? {}) })), [rows]);
  const names = useMemo(() => [...new Set(shown.flatMap(({ cells }) => Object.keys(cells)))].slice(0, 40), [shown]);
  return (
    <Table<(typeof shown)[number]>
      rowKey="rowNumber"
      size="small"
      dataSource={shown}
      pagination={false}
      scroll={{ x: 'max-content', y: 480 }}
      rowClassName={({ outcome }) => (outcome === 'valid' ? '' : (styles.held ?? ''))}
      columns={[
        { title: t('imports.row'), dataIndex: 'rowNumber', align: 'right', fixed: 'left' },
        { title: t('imports.outcome'), width: 260, render: (_, row) => <Outcome row={row} /> },
        ...names.map((name) => ({
          title: t(`fields.${name}`, { defaultValue: name }),
          key: name,
          render: (_: unknown, { cells }: (typeof shown)[number]) => cells[name] ?? <span className="faint">–</span>,
        })),
      ]}
    />
  );
}

function Outcome({ row }: { readonly row: Row }) {
  const { t } = useTranslation('data');
  if (row.outcome === 'quarantined') {
    return (
      <span className={styles.bad}>
        <ExclamationCircleFilled aria-hidden /> {explainReason(row.reason ?? '', t).name}
        {row.detail && (
          <small>
            {row.field && <code>{row.field}</code>} {explainSaid(row.explanation, row.detail, t)}
          </small>
        )}
      </span>
    );
  }
  return (
    <span className={styles.good}>
      <CheckCircleFilled aria-hidden /> {t('imports.willBeKept')}
      {row.repairs.length > 0 && (
        <small>{row.repairs.map((repair) => explainRepair(repair, t)).join(t('list.separator'))}</small>
      )}
    </span>
  );
}
