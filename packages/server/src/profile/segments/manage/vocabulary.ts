import type { SegmentVocabulary } from '@zhiyin/contract';
import type { Workspace } from '../../../domain/workspace.ts';
import type { Stores } from '../../../storage/stores.ts';
import type { KnownNames } from '../rule/check-rule.ts';

const keptMs = 60_000;
const kept = new WeakMap<Stores, Map<number, { at: number; loading: Promise<SegmentVocabulary> }>>();

/** What rules can be made of, as it was at most a minute ago. */
export function readVocabulary(
  stores: Stores,
  workspace: Workspace,
  now: Date = new Date(),
): Promise<SegmentVocabulary> {
  const ofStores = kept.get(stores) ?? new Map();
  kept.set(stores, ofStores);
  const known = ofStores.get(workspace.id);
  if (known && now.getTime() - known.at < keptMs) return known.loading;
  const loading = loadVocabulary(stores, workspace, now);
  ofStores.set(workspace.id, { at: now.getTime(), loading });
  loading.catch(() => ofStores.delete(workspace.id));
  return loading;
}

export async function knownNames(stores: Stores, workspace: Workspace): Promise<KnownNames> {
  const { events, traits, computed } = await readVocabulary(stores, workspace);
  return {
    events: new Map(events.map(({ name, properties }) => [name, new Set(properties.map((one) => one.name))])),
    traits: new Set(traits.map(({ name }) => name)),
    computed: new Set(computed.map(({ name }) => name)),
  };
}

type Field = SegmentVocabulary['traits'][number];
type FieldRow = { name: string; types: string[]; found: [string, string][]; event?: string };

/** Properties are looked at in the latest events of each name: they tell what there is without reading all of them. */
const eventsOfEachName = 300;

async function loadVocabulary(stores: Stores, workspace: Workspace, now: Date): Promise<SegmentVocabulary> {
  const ask = <Row>(name: string, sql: string) =>
    stores.events.read<Row>(workspace.id, { name, sql }).then(({ rows }) => rows);
  const [events, properties, traits, computed, purchase, places] = await Promise.all([
    ask<{ name: string; events: string }>(
      'vocabulary-events',
      `SELECT name, count() AS events FROM @events WHERE type != 'segment' AND name != '' GROUP BY name ORDER BY events DESC LIMIT 200`,
    ),
    ask<FieldRow>(
      'vocabulary-properties',
      `SELECT event, field.1 AS name, groupUniqArray(field.2) AS types,
         arrayMap(v -> (v, '0'), topKIf(50)(substring(field.3, 1, 200), length(field.3) < 200 AND field.2 != 'list')) AS found
       FROM
       (
         SELECT name AS event, arrayJoin(arrayMap(pair -> (pair.1,
           multiIf(startsWith(pair.2, '"'), 'text', startsWith(pair.2, '['), 'list', pair.2 IN ('true', 'false'), 'boolean', match(pair.2, '^-?[0-9]'), 'number', 'none'),
           if(startsWith(pair.2, '"'), JSONExtractString(pair.2), pair.2)), JSONExtractKeysAndValuesRaw(toJSONString(properties)))) AS field
         FROM (SELECT name, properties FROM @events WHERE type != 'segment' ORDER BY occurred_at DESC LIMIT ${eventsOfEachName} BY name)
       )
       WHERE field.2 != 'none'
       GROUP BY event, name ORDER BY event, count() DESC LIMIT 60 BY event`,
    ),
    ask<FieldRow>('vocabulary-traits', fieldsSql('@traits', 'identity_id', "NOT startsWith(name, 'consent_')")),
    ask<FieldRow>('vocabulary-computed', fieldsSql('@person_computed_traits', 'profile_id', '1')),
    ask<{ item: [string, string][]; category: [string, string][] }>(
      'vocabulary-purchase',
      `SELECT arrayMap(v -> (v, '0'), topK(50)(item_name)) AS item, arrayMap(v -> (v, '0'), topK(50)(category)) AS category FROM @order_lines`,
    ),
    ask<{ level: string; told: string; people: string }>(
      'vocabulary-places',
      `SELECT multiIf(name IN ('province', 'state'), 'region', toString(name)) AS level, JSONExtractString(value) AS told, uniq(identity_id) AS people
       FROM @traits WHERE name IN ('country', 'province', 'state', 'region', 'city') AND value NOT IN ('', 'null', '""')
       GROUP BY level, told ORDER BY people DESC LIMIT 50 BY level`,
    ),
  ]);
  const consents = await ask<{ purpose: string }>(
    'vocabulary-consents',
    `SELECT DISTINCT substring(name, 9) AS purpose FROM @traits WHERE startsWith(name, 'consent_') ORDER BY purpose LIMIT 100`,
  );
  const placesOf = (level: string) =>
    places.filter((row) => row.level === level).map(({ told, people }) => ({ value: told, people: Number(people) }));
  const text = (name: string, found: [string, string][] = []): Field => toField({ name, types: ['text'], found });
  return {
    events: events.map((row) => ({
      name: row.name,
      events: Number(row.events),
      properties: properties.filter(({ event }) => event === row.name).map(toField),
    })),
    traits: traits.map(toField),
    computed: computed.map(toField),
    purchase: [
      text('item_name', purchase[0]?.item),
      text('category', purchase[0]?.category),
      text('item_id'),
      { name: 'unit_price', type: 'number', values: [] },
    ],
    consents: consents.map(({ purpose }) => purpose),
    places: { country: placesOf('country'), region: placesOf('region'), city: placesOf('city') },
    asOf: now.toISOString(),
  };
}

/** Names with their types and their most frequent values, each with how many people have it. */
const fieldsSql = (table: string, who: string, where: string): string => `
  SELECT name, groupUniqArray(type) AS types, groupArray(50)((told, toString(people))) AS found
  FROM
  (
    SELECT name, told, type, people
    FROM
    (
      SELECT name,
        multiIf(startsWith(value, '"') AND match(value, '^"[0-9]{4}-[0-9]{2}-[0-9]{2}'), 'date', startsWith(value, '"'), 'text',
          startsWith(value, '['), 'list', value IN ('true', 'false'), 'boolean', 'number') AS type,
        if(startsWith(value, '"'), JSONExtractString(value), value) AS told, uniq(${who}) AS people
      FROM ${table}
      WHERE ${where} AND value NOT IN ('', 'null', '""')
      GROUP BY name, type, told
    )
    ORDER BY people DESC LIMIT 50 BY name
  )
  GROUP BY name ORDER BY sum(people) DESC LIMIT 500`;

function toField({ name, types, found }: FieldRow): Field {
  const order = ['list', 'date', 'number', 'boolean', 'text'] as const;
  const type = types.length === 1 ? order.find((one) => one === types[0]) : undefined;
  const values = type === 'list' ? [] : found.filter(([value]) => value !== '');
  return { name, type: type ?? 'text', values: values.map(([value, people]) => ({ value, people: Number(people) })) };
}
