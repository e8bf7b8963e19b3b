import type { Locale, Person } from '@zhiyin/contract';
import { AppError } from '../domain/app-error.ts';
import { identityKinds } from '../domain/identity.ts';
import type { IdentityId } from '../domain/ids.ts';
import { maskIdentifier } from '../domain/mask-identifier.ts';
import { toInstant, toInstantOrNull, toNumber } from '../domain/rows.ts';
import type { Workspace } from '../domain/workspace.ts';
import { sourceNames } from '../storage/control/source-names.ts';
import type { Stores } from '../storage/stores.ts';
import type { RememberedIdentity } from '../storage/vault/vault.ts';
import { readComputedTraits } from './computed-traits/index.ts';
import { nameOf } from './display-name.ts';
import {
  consentQuestion,
  favouritesQuestion,
  groupsQuestion,
  traitsQuestion,
  valueQuestion,
  weeksQuestion,
} from './person-questions.ts';
import { currentProfile, identitiesOf } from './profile-identities.ts';

/** Everything on the profile page but the timeline, which is read page by page. */
export async function getPerson(
  stores: Stores,
  workspace: Workspace,
  id: string,
  options: { reveal: boolean; locale: Locale },
  now: () => Date = () => new Date(),
): Promise<Person> {
  const profileId = await currentProfile(stores, workspace.id, id);
  const identityIds = (await identitiesOf(stores, workspace.id, [profileId])).get(profileId) ?? [];
  const ask = <Row>(question: Parameters<typeof stores.events.read>[1]) =>
    stores.events.read<Row>(workspace.id, question).then((answer) => answer.rows);
  const vault = await stores.vault.of(workspace.id);
  const today = now();

  const [identifiers, values, totals, traits, computedTraits, consent, weeks, favourites, groups, merges, sources] =
    await Promise.all([
      vault.revealIdentities(identityIds),
      vault.revealValues(identityIds),
      ask<ValueRow>(valueQuestion(identityIds, workspace.currency)),
      ask<{ name: string; latest: string; at: string; source: number }>(traitsQuestion(identityIds)),
      readComputedTraits(stores, workspace.id, profileId),
      ask<{ purpose: string; granted: number; at: string; source: number }>(consentQuestion(identityIds)),
      ask<{ week: string; events: string }>(weeksQuestion(identityIds, workspace.timeZone, today)),
      ask<{ item_id: string; name: string; views: string; bought: string }>(favouritesQuestion(identityIds)),
      ask<{ group_id: string; name: string }>(groupsQuestion(identityIds)),
      listMerges(stores, workspace, identityIds),
      sourceNames(stores.control, workspace.id),
    ]);
  const value = totals[0];
  if (identifiers.length === 0 && toNumber(value?.events ?? 0) === 0) {
    throw new AppError('not_found', `person ${id}: nobody here has this id`, {
      details: { field: 'profileId', fix: 'Search by an identifier instead; the person may have been erased.' },
    });
  }
  const show = (kind: string, plain: string) => (options.reveal ? plain : maskIdentifier(kind, plain));
  const sourceOf = (sourceId: number) => sources.get(sourceId) ?? '';
  const labelOf = new Map(identifiers.map((row) => [row.identityId, show(row.kind, row.value)]));
  const revenueMinor = toNumber(value?.revenue ?? 0);
  const orders = toNumber(value?.orders ?? 0);
  const lastOrderAt = value && orders ? toInstantOrNull(value.last_order) : null;

  return {
    profileId,
    ...nameOf(profileId, identifiers, values, options),
    firstSeenAt: value ? toInstantOrNull(value.first_seen) : null,
    lastSeenAt: value ? toInstantOrNull(value.last_seen) : null,
    events: toNumber(value?.events ?? 0),
    orders,
    revenueMinor,
    currency: workspace.currency,
    identities: identifiers.toSorted(byStrength).map((row) => ({
      identityId: row.identityId,
      kind: row.kind,
      value: show(row.kind, row.value),
      firstSeenAt: row.firstSeenAt.toISOString(),
    })),
    merges: merges.map((merge) => ({
      lowId: merge.low_id,
      highId: merge.high_id,
      lowLabel: labelOf.get(merge.low_id as IdentityId) ?? merge.low_id,
      highLabel: labelOf.get(merge.high_id as IdentityId) ?? merge.high_id,
      joinedAt: merge.first_seen_at.toISOString(),
      source: sourceOf(merge.source_id),
    })),
    traits: [
      ...latestPersonalTraits(values, (field, plain) => (options.reveal ? plain : maskValue(field, plain)), sourceOf),
      ...traits.map((row) => ({
        name: row.name,
        value: parseValue(row.latest),
        isPersonal: false,
        occurredAt: toInstant(row.at),
        source: sourceOf(row.source),
      })),
    ],
    computedTraits,
    consent: consent.map((row) => ({
      purpose: row.purpose,
      granted: row.granted === 1,
      occurredAt: toInstant(row.at),
      source: sourceOf(row.source),
    })),
    value: {
      orders,
      revenueMinor,
      refundedMinor: toNumber(value?.refunded ?? 0),
      averageOrderMinor: orders ? Math.round(toNumber(value?.sales ?? 0) / orders) : null,
      firstOrderAt: value && orders ? toInstantOrNull(value.first_order) : null,
      lastOrderAt,
      daysSinceLastOrder: lastOrderAt
        ? Math.max(0, Math.floor((today.getTime() - Date.parse(lastOrderAt)) / 86_400_000))
        : null,
    },
    activity: weeks.map((row) => ({ week: row.week, events: toNumber(row.events) })),
    favourites: favourites.map((row) => ({
      itemId: row.item_id,
      name: row.name,
      views: toNumber(row.views),
      bought: toNumber(row.bought),
    })),
    groups: groups.map((row) => ({ groupId: row.group_id, name: row.name })),
  };
}

type ValueRow = {
  first_seen: string;
  last_seen: string;
  events: string;
  orders: string;
  sales: string;
  revenue: string;
  refunded: string;
  first_order: string;
  last_order: string;
};

type MergeRow = { low_id: string; high_id: string; first_seen_at: Date; source_id: number };

/** Edges that hold this profile together: both ends in it, not refused, not cut. */
function listMerges(stores: Stores, workspace: Workspace, identityIds: readonly IdentityId[]): Promise<MergeRow[]> {
  return stores.control.of(workspace.id).query<MergeRow>(
    `select low_id, high_id, first_seen_at, source_id from identity_edges
     where workspace_id = $1 and low_id = any($2::bigint[]) and high_id = any($2::bigint[])
       and cut_at is null and refused is null
     order by first_seen_at desc
     limit 200`,
    [[...identityIds]],
  );
}

function latestPersonalTraits(
  values: readonly { field: string; value: unknown; occurredAt: Date; sourceId: number }[],
  show: (field: string, value: unknown) => unknown,
  sourceOf: (sourceId: number) => string,
): Person['traits'] {
  const latest = new Map<string, (typeof values)[number]>();
  for (const row of values) {
    const known = latest.get(row.field);
    if (!known || known.occurredAt < row.occurredAt) latest.set(row.field, row);
  }
  return [...latest.values()]
    .toSorted((a, b) => a.field.localeCompare(b.field))
    .map((row) => ({
      name: row.field,
      value: show(row.field, row.value),
      isPersonal: true,
      occurredAt: row.occurredAt.toISOString(),
      source: sourceOf(row.sourceId),
    }));
}

function maskValue(field: string, value: unknown): unknown {
  return typeof value === 'string' ? maskIdentifier(field, value) : '••••';
}

function parseValue(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

function byStrength(a: RememberedIdentity, b: RememberedIdentity): number {
  return (
    identityKinds.indexOf(a.kind) - identityKinds.indexOf(b.kind) || a.firstSeenAt.getTime() - b.firstSeenAt.getTime()
  );
}
