import type { CustomerPeopleQuery, CustomerSettingsAnswer, Locale, Page, PersonRow } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Question } from '../../storage/events/event-store.ts';
import type { Stores } from '../../storage/stores.ts';
import { clusterTrait } from '../clusters/index.ts';
import { communityTrait } from '../graph/index.ts';
import { rfmParameters, rfmSql } from '../rfm/index.ts';
import { listTotals } from './list-totals.ts';

/** The people of one RFM group, cluster or community, who spent most first. */
export async function listCustomerPeople(
  stores: Stores,
  workspace: Workspace,
  settings: CustomerSettingsAnswer,
  query: CustomerPeopleQuery,
  view: { readonly reveal: boolean; readonly locale: Locale },
  now: () => Date = () => new Date(),
): Promise<Page<PersonRow>> {
  const after = query.cursor ? parseCursor(query.cursor) : undefined;
  const { sql, parameters } = whoSql(workspace, settings, query, now());
  const { rows } = await stores.events.read<{ profile_id: string; spent_minor: string }>(
    workspace.id,
    {
      name: 'customer-people',
      parameters: {
        ...parameters,
        limit: query.limit + 1,
        ...(after ? { after: after.spent, afterProfile: after.profileId } : {}),
      },
      sql: `
        SELECT profile_id, spent_minor FROM (${sql})
        ${after ? 'WHERE (spent_minor, profile_id) < ({after:Int64}, {afterProfile:UInt64})' : ''}
        ORDER BY spent_minor DESC, profile_id DESC
        LIMIT {limit:UInt32}`,
    },
    { timeoutMs: 60_000 },
  );
  const page = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? page.at(-1) : undefined;
  return {
    rows: await listTotals(
      stores,
      workspace,
      page.map((row) => row.profile_id),
      view,
    ),
    nextCursor: last ? Buffer.from(`${last.spent_minor}|${last.profile_id}`).toString('base64url') : null,
    total: null,
  };
}

function whoSql(
  workspace: Workspace,
  settings: CustomerSettingsAnswer,
  query: CustomerPeopleQuery,
  at: Date,
): Required<Pick<Question, 'sql' | 'parameters'>> {
  const group = query.group11 ?? query.group8;
  if (group) {
    return {
      parameters: { ...rfmParameters(workspace, settings.rfm), at, group },
      sql: `SELECT profile_id, spent_minor FROM (${rfmSql(settings.rfm)}) WHERE ${query.group11 ? 'group11' : 'group8'} = {group:String}`,
    };
  }
  const key = query.cluster ?? query.community;
  if (key === undefined) {
    throw new AppError('input.invalid', 'group11: say whose people: group11, group8, cluster or community', {
      details: { field: 'group11', fix: 'Add one of them, such as ?group11=champions.' },
    });
  }
  return {
    parameters: { currency: workspace.currency, trait: query.cluster ? clusterTrait : communityTrait, key },
    sql: `
      SELECT profile_id, toInt64(spent) AS spent_minor
      FROM (SELECT profile_id FROM @person_computed_traits WHERE name = {trait:String} AND number = {key:UInt32}) AS chosen
      LEFT JOIN
      (
        SELECT profile_id, sum(amount_minor) AS spent FROM @person_order_lines WHERE currency = {currency:String} GROUP BY profile_id
      ) AS bought USING (profile_id)`,
  };
}

function parseCursor(cursor: string): { spent: string; profileId: string } {
  const [spent = '', profileId = ''] = Buffer.from(cursor, 'base64url').toString().split('|');
  if (/^-?\d+$/.test(spent) && /^\d+$/.test(profileId)) return { spent, profileId };
  throw new AppError('input.invalid', 'cursor: not a cursor of this list', {
    details: { field: 'cursor', fix: 'Use nextCursor of the page before, or start again without one.' },
  });
}
