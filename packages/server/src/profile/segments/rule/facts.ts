import type { SegmentCondition } from '@zhiyin/contract';
import { assert } from '../../../domain/app-error.ts';
import type { Among } from './compile-question.ts';
import type { OwnRule } from './compile-rule.ts';
import { computeBounds } from './compute-bounds.ts';
import type { Moment } from './moment.ts';

/** A value of an event or a trait, as JSON has it. */
export type Cell = string | number | boolean | null | readonly Cell[];

export type SeenEvent = { readonly name: string; readonly at: number; readonly cells: readonly Cell[] };
export type BoughtLine = {
  readonly at: number;
  readonly kind: 'sale' | 'refund';
  readonly currency: string;
  readonly order_id: string;
  readonly item_id: string;
  readonly item_name: string;
  readonly category: string;
  readonly unit_price: number;
  readonly quantity: number;
  readonly amountMinor: number;
};

/** What rules need to know of one person, and no more. */
export type Facts = {
  firstSeenAt: number | null;
  /** In order of time. */
  readonly events: SeenEvent[];
  readonly lines: BoughtLine[];
  readonly traits: Map<string, Cell>;
  readonly computed: Map<string, Cell>;
  readonly tags: Set<string>;
  readonly lists: Set<number>;
  /** Where the latest event that says so came from. */
  readonly places: { country: string; region: string; city: string };
};

export const noFacts = (): Facts => ({
  firstSeenAt: null,
  events: [],
  lines: [],
  traits: new Map(),
  computed: new Map(),
  tags: new Set(),
  lists: new Set(),
  places: { country: '', region: '', city: '' },
});

/** What many rules need together: each name once. */
export type Needs = {
  /** Names of events; null: all of them. */
  readonly events: ReadonlySet<string> | null;
  /** Events before it matter to nobody; null: they may. */
  readonly eventsFrom: number | null;
  /** Property → its place in `cells`. */
  readonly properties: ReadonlyMap<string, number>;
  readonly lines: boolean;
  readonly traits: ReadonlySet<string>;
  readonly computed: ReadonlySet<string>;
  readonly tags: boolean;
  readonly lists: boolean;
  readonly places: boolean;
};

export const regionTraits = ['province', 'region', 'state'] as const;

export function collectNeeds(rules: Iterable<OwnRule>, moment: Moment): Needs {
  let events: Set<string> | null = new Set();
  let eventsFrom: number | null = Number.POSITIVE_INFINITY;
  const properties = new Map<string, number>();
  const needs = {
    lines: false,
    traits: new Set<string>(),
    computed: new Set<string>(),
    tags: false,
    lists: false,
    places: false,
  };
  const readProperty = (name: string) => properties.set(name, properties.get(name) ?? properties.size);
  const readEvents = (condition: Extract<SegmentCondition, { kind: 'event' | 'sequence' | 'funnel' }>) => {
    const selectors =
      condition.kind === 'event'
        ? [condition]
        : condition.steps.flatMap((step) => ('without' in step && step.without ? [step, step.without] : [step]));
    for (const { event, where } of selectors) {
      if (event === '*') events = null;
      else events?.add(event);
      for (const { property } of where) readProperty(property);
    }
    const { from } = computeBounds(condition.window, moment);
    eventsFrom = from === null || eventsFrom === null ? null : Math.min(eventsFrom, from);
    if (condition.kind === 'event' && 'property' in condition.measure && condition.measure.property !== null) {
      readProperty(condition.measure.property);
    }
  };
  const read = (rule: OwnRule): void => {
    if (rule.kind === 'not') read(rule.of);
    else if ('of' in rule) for (const inner of rule.of) read(inner);
    else if (rule.kind === 'event' || rule.kind === 'sequence' || rule.kind === 'funnel') readEvents(rule);
    else if (rule.kind === 'purchase') needs.lines = true;
    else if (rule.kind === 'cohort') needs.lines ||= rule.by === 'first_order';
    else if (rule.kind === 'trait') needs.traits.add(rule.trait);
    else if (rule.kind === 'consent') needs.traits.add(`consent_${rule.purpose}`);
    else if (rule.kind === 'computed') needs.computed.add(rule.name);
    else if (rule.kind === 'tag') needs.tags = true;
    else if (rule.kind === 'list') needs.lists = true;
    else if (rule.kind === 'place') {
      needs.places = true;
      for (const name of rule.level === 'region' ? regionTraits : [rule.level]) needs.traits.add(name);
    } else assert(rule.kind === 'bucket', `collectNeeds: ${rule.kind} is not known`);
  };
  for (const rule of rules) read(rule);
  return { ...needs, events, eventsFrom, properties };
}

/** People → parameters that lead rows of their identities to them. */
export function amongParameters(among: NonNullable<Among>): Record<'identities' | 'profiles' | 'people', string[]> {
  const pairs = [...among].flatMap(([profileId, identityIds]) => identityIds.map((id) => [id, profileId] as const));
  return {
    identities: pairs.map(([identityId]) => identityId),
    profiles: pairs.map(([, profileId]) => profileId),
    people: [...among.keys()],
  };
}

export const profileOfRow = 'transform(identity_id, {identities:Array(UInt64)}, {profiles:Array(UInt64)}, identity_id)';
