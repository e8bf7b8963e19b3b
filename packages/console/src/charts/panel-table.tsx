import type { Panel } from '@zhiyin/contract';
import { Table } from 'antd';
import { useMemo } from 'react';
import { useFormats } from '../format/use-formats.ts';
import { type ChartPanel, formatCell } from './panel-values.ts';

type Props = {
  readonly panel: ChartPanel;
  readonly heading: (key: string) => string;
  /** Words for coded values, such as a funnel's steps. */
  readonly word?: (key: string, value: string) => string;
};

/** The rows behind a chart, sortable; numbers stand right and line up. */
export function PanelTable({ panel, heading, word }: Props) {
  const formats = useFormats();
  const columns = useMemo(
    () =>
      panel.columns.map((column) => ({
        key: column.key,
        dataIndex: column.key,
        title: heading(column.key),
        align: isText(column.type) ? ('left' as const) : ('right' as const),
        sorter: (a: TableRow, b: TableRow) => compareCells(a[column.key], b[column.key]),
        render: (value: string | number | null) =>
          word && typeof value === 'string' && column.type === 'text'
            ? word(column.key, value)
            : formatCell(value, column, formats),
      })),
    [panel.columns, heading, word, formats],
  );
  const rows = useMemo(() => panel.rows.map((row, index) => ({ ...row, rowKey: String(index) })), [panel.rows]);
  return (
    <Table
      size="small"
      rowKey="rowKey"
      columns={columns}
      dataSource={rows}
      scroll={{ x: 'max-content', y: 480 }}
      pagination={rows.length > 100 ? { pageSize: 100, showSizeChanger: false } : false}
    />
  );
}
type TableRow = Record<string, string | number | null>;

/** The same for screen readers, without any furniture. */
export function SpokenTable({ panel, heading, word, caption }: Props & { readonly caption: string }) {
  const formats = useFormats();
  const rows = panel.rows.slice(0, spokenRowsMax);
  return (
    <table className="visually-hidden">
      <caption>{caption}</caption>
      <thead>
        <tr>
          {panel.columns.map(({ key }) => (
            <th key={key} scope="col">
              {heading(key)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of a panel have no key and never move
          <tr key={index}>
            {panel.columns.map((column) => {
              const value = row[column.key];
              return (
                <td key={column.key}>
                  {word && typeof value === 'string' && column.type === 'text'
                    ? word(column.key, value)
                    : formatCell(value, column, formats)}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
/** A year of days; longer tables are opened from the card's menu. */
const spokenRowsMax = 400;

const isText = (type: Panel['columns'][number]['type']) => type === 'text' || type === 'date' || type === 'instant';

function compareCells(a: string | number | null | undefined, b: string | number | null | undefined): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a ?? '').localeCompare(String(b ?? ''));
}
