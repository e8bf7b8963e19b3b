import type { Company, Locale } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import { toInstant, toNumber } from '../../domain/rows.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { listTotals } from '../customers/list-totals.ts';
import { type CompanyTotals, companiesSql, membersSql, oneGroup } from './companies-sql.ts';
import { toCompanyRow } from './list-companies.ts';

const peopleMax = 200;

/** One company: what was said of it, what its people do and buy by month, and who they are. */
export async function getCompany(
  stores: Stores,
  workspace: Workspace,
  groupId: string,
  view: { readonly reveal: boolean; readonly locale: Locale },
  now: () => Date = () => new Date(),
): Promise<Company> {
  const parameters = { group: groupId, currency: workspace.currency, now: now(), zone: workspace.timeZone };
  const ask = <Row>(name: string, sql: string) =>
    stores.events.read<Row>(workspace.id, { name, sql, parameters }, { timeoutMs: 30_000 }).then(({ rows }) => rows);
  const [totals, members, traits, months] = await Promise.all([
    ask<CompanyTotals>('company', companiesSql(oneGroup)),
    ask<{ profile_id: string; joined_at: string }>(
      'company-members',
      `SELECT profile_id, joined_at FROM (${membersSql(oneGroup)}) ORDER BY joined_at DESC, profile_id LIMIT ${peopleMax}`,
    ),
    ask<{ traits: string; at: string }>(
      'company-traits',
      `SELECT toJSONString(properties.^traits) AS traits, occurred_at AS at FROM @events
       WHERE type = 'group'${oneGroup} ORDER BY occurred_at DESC LIMIT 100`,
    ),
    ask<{ month: string; events: string; spent: string }>(
      'company-months',
      `SELECT toString(began) AS month, sum(happened) AS events, sum(amount) AS spent
       FROM
       (
         SELECT toDate(toStartOfMonth(toTimeZone(occurred_at, {zone:String}))) AS began, 1 AS happened, 0 AS amount FROM @person_events
         WHERE profile_id IN (SELECT profile_id FROM (${membersSql(oneGroup)}))
         UNION ALL
         SELECT toDate(toStartOfMonth(toTimeZone(occurred_at, {zone:String}))) AS began, 0 AS happened, amount_minor AS amount FROM @person_order_lines
         WHERE currency = {currency:String} AND profile_id IN (SELECT profile_id FROM (${membersSql(oneGroup)}))
       )
       WHERE began > toDate({now:DateTime64(3)}) - INTERVAL 24 MONTH
       GROUP BY began ORDER BY began`,
    ),
  ]);
  const [found] = totals;
  if (!found) {
    throw new AppError('not_found', `company ${groupId}: no group call has named it`, {
      details: { field: 'groupId', fix: 'Look for it in the list of companies.' },
    });
  }
  const joinedAt = new Map(members.map((row) => [row.profile_id, toInstant(row.joined_at)]));
  const people = await listTotals(stores, workspace, [...joinedAt.keys()], view);
  return {
    ...toCompanyRow(found, workspace),
    traits: latestTraits(traits),
    months: months.map((row) => ({ month: row.month, events: toNumber(row.events), spentMinor: toNumber(row.spent) })),
    people: people.map((person) => ({
      ...person,
      joinedAt: joinedAt.get(person.profileId) ?? toInstant(found.first_seen),
    })),
  };
}

/** The latest that was said of each; calls come newest first. */
function latestTraits(calls: readonly { traits: string; at: string }[]): Company['traits'] {
  const latest = new Map<string, Company['traits'][number]>();
  for (const { traits, at } of calls) {
    for (const [name, value] of Object.entries(JSON.parse(traits) as Record<string, unknown>)) {
      if (!latest.has(name)) latest.set(name, { name, value, occurredAt: toInstant(at) });
    }
  }
  return [...latest.values()].sort((a, b) => a.name.localeCompare(b.name));
}
