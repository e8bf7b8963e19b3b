import type { ComputedTrait } from '@zhiyin/contract';
import type { WorkspaceId } from '../../domain/ids.ts';
import { toInstant } from '../../domain/rows.ts';
import type { Stores } from '../../storage/stores.ts';

export type TraitFacts = Pick<
  ComputedTrait,
  'name' | 'source' | 'people' | 'type' | 'min' | 'mean' | 'max' | 'values'
> & {
  readonly computedAt: string;
};

const valuesMax = 12;

/** Of each computed trait how many have it and what its values are like. */
export async function readTraitFacts(
  stores: Pick<Stores, 'events'>,
  workspaceId: WorkspaceId,
  name?: string,
): Promise<Map<string, TraitFacts>> {
  const { rows } = await stores.events.read<{
    name: string;
    source: string;
    people: string;
    type: string;
    least: number | null;
    average: number | null;
    most: number | null;
    top: [string, string][];
    at: string;
  }>(
    workspaceId,
    {
      name: 'computed-trait-facts',
      parameters: name === undefined ? {} : { name },
      sql: `
        SELECT
          name,
          argMax(source, computed_at) AS source,
          count() AS people,
          argMax(JSONType(value), computed_at) AS type,
          minOrNull(number) AS least,
          avgOrNull(number) AS average,
          maxOrNull(number) AS most,
          topK(${valuesMax}, 10, 'counts')(if(JSONType(value) = 'String', JSONExtractString(value), '')) AS top,
          max(computed_at) AS at
        FROM @person_computed_traits
        ${name === undefined ? '' : 'WHERE name = {name:String}'}
        GROUP BY name
        ORDER BY name
        LIMIT 500`,
    },
    { timeoutMs: 30_000 },
  );
  return new Map(
    rows.map((row) => [
      row.name,
      {
        name: row.name,
        source: row.source,
        people: Number(row.people),
        type: typeOf(row.type),
        min: row.least,
        mean: row.average,
        max: row.most,
        values: typeOf(row.type) === 'text' ? readTop(row.top) : [],
        computedAt: toInstant(row.at),
      },
    ]),
  );
}

/** Counted by the engine with (value, count, error): tuples come as lists or as objects. */
function readTop(top: readonly unknown[]): TraitFacts['values'] {
  return top
    .map((one) => (Array.isArray(one) ? one : Object.values(one as object)))
    .map(([value, people]) => ({ value: String(value), people: Number(people) }))
    .filter(({ value }) => value !== '');
}

function typeOf(json: string): TraitFacts['type'] {
  if (json === 'Bool') return 'boolean';
  if (json === 'String') return 'text';
  if (json === 'Array') return 'list';
  return /Int|Double/.test(json) ? 'number' : 'none';
}
