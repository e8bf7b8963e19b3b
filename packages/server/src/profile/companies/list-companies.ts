import type { CompaniesQuery, CompanyRow, Page } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import { toInstant, toInstantOrNull, toNumber } from '../../domain/rows.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { type CompanyTotals, companiesSql } from './companies-sql.ts';

const sorts = {
  spent: { column: 'spent', order: 'DESC', type: 'Int64' },
  members: { column: 'members', order: 'DESC', type: 'UInt64' },
  last_seen: { column: 'last_seen', order: 'DESC', type: 'DateTime64(3)' },
  name: { column: 'name', order: 'ASC', type: 'String' },
} as const;

/** Companies, a page at a time. With `search`, those whose name or id holds the text. */
export async function listCompanies(
  stores: Pick<Stores, 'events'>,
  workspace: Workspace,
  query: CompaniesQuery,
  now: () => Date = () => new Date(),
): Promise<Page<CompanyRow>> {
  const { column, order, type } = sorts[query.sort];
  const after = query.cursor ? parseCursor(query.cursor, query.sort) : undefined;
  const conditions = [
    ...(query.search ? ['(positionCaseInsensitiveUTF8(name, {search:String}) > 0 OR group_id = {search:String})'] : []),
    ...(after ? [`(${column}, group_id) ${order === 'DESC' ? '<' : '>'} ({after:${type}}, {afterGroup:String})`] : []),
  ];
  const { rows } = await stores.events.read<CompanyTotals>(
    workspace.id,
    {
      name: 'companies',
      parameters: {
        now: now(),
        currency: workspace.currency,
        limit: query.limit + 1,
        ...(query.search ? { search: query.search } : {}),
        ...(after ? { after: after.value, afterGroup: after.groupId } : {}),
      },
      sql: `
        SELECT * FROM (${companiesSql()})
        ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
        ORDER BY ${column} ${order}, group_id ${order}
        LIMIT {limit:UInt32}`,
    },
    { timeoutMs: 30_000 },
  );
  const page = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? page.at(-1) : undefined;
  return {
    rows: page.map((row) => toCompanyRow(row, workspace)),
    nextCursor: last
      ? Buffer.from(JSON.stringify([query.sort, String(last[column]), last.group_id])).toString('base64url')
      : null,
    total: null,
  };
}

export const toCompanyRow = (row: CompanyTotals, { currency }: Workspace): CompanyRow => ({
  groupId: row.group_id,
  name: row.name,
  members: toNumber(row.members),
  activeMembers: toNumber(row.active_members),
  events: toNumber(row.events),
  orders: toNumber(row.orders),
  spentMinor: toNumber(row.spent),
  currency,
  firstSeenAt: toInstant(row.first_seen),
  lastSeenAt: toInstantOrNull(row.last_seen),
});

function parseCursor(cursor: string, sort: string): { value: string; groupId: string } {
  try {
    const [cursorSort, value, groupId] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as string[];
    if (cursorSort !== sort || value === undefined || groupId === undefined) throw new Error('foreign cursor');
    return { value: String(value), groupId: String(groupId) };
  } catch (cause) {
    throw new AppError('input.invalid', 'cursor: not a cursor of this list with this order', {
      cause,
      details: { field: 'cursor', fix: 'Start again without a cursor, or keep the same sort.' },
    });
  }
}
