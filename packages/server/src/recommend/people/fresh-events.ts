import { compileSettings } from '../../clean/clean-settings.ts';
import { type Draft, startDraft } from '../../clean/draft.ts';
import { isObject, own } from '../../clean/json.ts';
import { parseBody } from '../../clean/parse-body.ts';
import { parseCalls } from '../../clean/parse-calls.ts';
import { putIdentifiers } from '../../clean/steps/put-identifiers.ts';
import { putOccurredAt } from '../../clean/steps/put-occurred-at.ts';
import { putParts } from '../../clean/steps/put-parts.ts';
import { putTypeAndName } from '../../clean/steps/put-type-and-name.ts';
import type { Json, JsonObject } from '../../domain/events.ts';
import { asImportId, type IdentityId, type SourceId, type WorkspaceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { WorkspaceVault } from '../../storage/vault/vault.ts';
import { deeds, dislikedToStars, findDeed, itemProperties, likedFromStars } from './deeds.ts';
import { isRefusal, personalisationTraits } from './load-people.ts';

/** A body that is durable in the journal and not cleaned yet. */
export type AcceptedCalls = {
  readonly workspaceId: WorkspaceId;
  readonly sourceId: SourceId;
  readonly receivedAt: Date;
  readonly route: string;
  readonly count: number;
  readonly body: Buffer;
};

export type FreshEntry = { readonly itemId: string; readonly code: number; readonly at: number };
type Fresh = { deeds: FreshEntry[]; optedOut: boolean | undefined; until: number };

const bodiesBytesMax = 16 * 1_048_576;
const entriesPerPersonMax = 60;
const peopleMax = 50_000;
/** Long enough for cleaning to have stored it even when it lags; then the event store tells the same. */
const keptMs = 15 * 60_000;

const steps = [putTypeAndName, putParts, putOccurredAt, putIdentifiers] as const;

/**
 * What this server acknowledged a moment ago and the event store may not hold yet: an answer takes it into account at once.
 * Bodies wait unread until somebody asks (so collecting pays nothing), in bounded memory: what is pushed out unread was taken
 * when nobody had asked for long, and is in the event store by the time somebody does.
 */
export class FreshEvents {
  #waiting: AcceptedCalls[] = [];
  #waitingBytes = 0;
  readonly #people = new Map<IdentityId, Fresh>();
  /** Deeds taken up since the start. */
  taken = 0;

  add(calls: AcceptedCalls): void {
    this.#waiting.push(calls);
    this.#waitingBytes += calls.body.length;
    // Two at a time: what grew old while nobody asked goes as fast as new ones come.
    for (let gone = 0; gone < 2 && isOld(this.#waiting[0], calls.receivedAt); gone += 1) {
      this.#waitingBytes -= this.#waiting.shift()!.body.length;
    }
    if (this.#waitingBytes <= bodiesBytesMax) return;
    const half = this.#waiting.length >> 1;
    for (const dropped of this.#waiting.splice(0, half || 1)) this.#waitingBytes -= dropped.body.length;
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Reads what waits. @returns identities that did something, so that what is cached of them is looked at again later. */
  read(workspace: Workspace, vault: WorkspaceVault, now: number): IdentityId[] {
    const bodies = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    const seen: IdentityId[] = [];
    for (const calls of bodies) {
      if (now - calls.receivedAt.getTime() > keptMs) continue;
      for (const draft of draftsOf(calls, workspace)) seen.push(...this.#take(draft, vault, now));
    }
    if (bodies.length > 0) this.#forget(now);
    return seen;
  }

  /** What any of these identities did, and their latest wish about personal lists. */
  find(identityIds: readonly IdentityId[]): { deeds: readonly FreshEntry[]; optedOut: boolean | undefined } {
    if (this.#people.size === 0) return nothing;
    let deedsFound: FreshEntry[] | undefined;
    let optedOut: boolean | undefined;
    for (const id of identityIds) {
      const fresh = this.#people.get(id);
      if (!fresh) continue;
      optedOut = fresh.optedOut ?? optedOut;
      deedsFound = deedsFound ? [...new Set([...deedsFound, ...fresh.deeds])] : fresh.deeds;
    }
    return deedsFound ? { deeds: deedsFound, optedOut } : nothing;
  }

  #take(draft: Draft, vault: WorkspaceVault, now: number): IdentityId[] {
    const entries = entriesOf(draft);
    const wish = wishOf(draft.traits);
    if (entries.length === 0 && wish === undefined) return [];
    this.taken += entries.length;
    const identityIds = draft.identifiers.map(({ kind, value }) => vault.surrogate(kind, value));
    for (const id of identityIds) {
      const fresh = this.#people.get(id) ?? { deeds: [], optedOut: undefined, until: 0 };
      fresh.deeds.push(...entries);
      if (fresh.deeds.length > entriesPerPersonMax) fresh.deeds.splice(0, fresh.deeds.length - entriesPerPersonMax);
      fresh.optedOut = wish ?? fresh.optedOut;
      fresh.until = now + keptMs;
      // Put last: the map is in the order of the latest deed.
      this.#people.delete(id);
      this.#people.set(id, fresh);
    }
    return identityIds;
  }

  #forget(now: number): void {
    for (const [id, fresh] of this.#people) {
      if (fresh.until > now && this.#people.size <= peopleMax) return;
      this.#people.delete(id);
    }
  }
}

const isOld = (calls: AcceptedCalls | undefined, now: Date): boolean =>
  calls !== undefined && now.getTime() - calls.receivedAt.getTime() > keptMs;

const nothing = { deeds: [] as readonly FreshEntry[], optedOut: undefined };

/** As cleaning sees them, as far as recommendations need it: who, what, when. What cleaning would refuse is left out. */
function draftsOf(calls: AcceptedCalls, workspace: Workspace): Draft[] {
  const parsed = parseBody(calls.body);
  if ('problem' in parsed) return [];
  const settings = compileSettings(settingsOf(workspace));
  const parts =
    calls.route === 'reviews' ? reviewsAsCalls(parsed.value) : parseCalls(parsed.value, calls.route, calls.count);
  return parts.flatMap((call) => {
    if (!isObject(call)) return [];
    const arrival = {
      workspaceId: calls.workspaceId,
      sourceId: calls.sourceId,
      importId: asImportId(0),
      receivedAt: calls.receivedAt,
      fallbackMessageId: '',
    };
    const draft = startDraft(call, arrival, []);
    for (const step of steps) if (step(draft, settings) !== undefined) return [];
    return [draft];
  });
}

/** A review says the same as the event of one. */
function reviewsAsCalls(body: Json): JsonObject[] {
  const reviews = isObject(body) ? own(body, 'reviews') : undefined;
  if (!Array.isArray(reviews)) return [];
  return reviews.filter(isObject).map(({ userId, anonymousId, email, itemId, rating, timestamp }) => ({
    type: 'track',
    event: 'Product Reviewed',
    ...(userId === undefined ? {} : { userId }),
    ...(anonymousId === undefined ? {} : { anonymousId }),
    ...(email === undefined ? {} : { context: { traits: { email } } }),
    ...(timestamp === undefined ? {} : { timestamp }),
    properties: { product_id: itemId ?? '', rating: rating ?? null },
  }));
}

const settingsByWorkspace = new WeakMap<Workspace, { workspace: Workspace; rules: []; policies: [] }>();

function settingsOf(workspace: Workspace) {
  let settings = settingsByWorkspace.get(workspace);
  if (!settings) {
    settings = { workspace, rules: [], policies: [] };
    settingsByWorkspace.set(workspace, settings);
  }
  return settings;
}

const productsMax = 100;

function entriesOf(draft: Draft): FreshEntry[] {
  if (draft.type !== 'track') return [];
  const at = draft.occurredAt.getTime();
  const { properties, name } = draft;
  if (name === 'order_completed' || name === 'order_refunded' || name === 'order_cancelled') {
    const code = name === 'order_completed' ? deeds.bought.code : deeds.returned.code;
    const products = own(properties, 'products');
    if (!Array.isArray(products)) return [];
    return products.slice(0, productsMax).flatMap((product) => {
      const itemId = isObject(product) ? itemIdOf(product) : undefined;
      return itemId === undefined ? [] : [{ itemId, code, at }];
    });
  }
  const itemId = itemIdOf(properties);
  if (itemId === undefined) return [];
  if (name === 'product_reviewed') {
    const stars = Number(own(properties, 'rating'));
    if (stars >= likedFromStars) return [{ itemId, code: deeds.liked.code, at }];
    return stars <= dislikedToStars ? [{ itemId, code: deeds.disliked.code, at }] : [];
  }
  const deed = findDeed(name);
  return deed ? [{ itemId, code: deeds[deed].code, at }] : [];
}

function itemIdOf(properties: JsonObject): string | undefined {
  for (const name of itemProperties) {
    const value: Json | undefined = own(properties, name) ?? own(properties, camel[name]!);
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number') return String(value);
  }
  return undefined;
}

/** Some senders write `productId`. */
const camel: Readonly<Record<string, string>> = Object.fromEntries(
  itemProperties.map((name) => [name, name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())]),
);

function wishOf(traits: JsonObject): boolean | undefined {
  for (const name of personalisationTraits) {
    const value = own(traits, name);
    if (value !== undefined && value !== null) return isRefusal(value);
  }
  return undefined;
}
