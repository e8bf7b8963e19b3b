import type { Question } from '../../../storage/events/event-store.ts';

type Parameter = NonNullable<Question['parameters']>[string];

/** Where leaves are read from: each is one pass over one table, by identity, joined by person. */
export type LeafSource = 'events' | 'orders' | 'traits' | 'computed';

/**
 * What the conditions of one question have in common: their values as parameters, and their leaves, which are aggregates of a
 * person's rows. Equal leaves of a hundred segments are computed once.
 */
export class SqlScope {
  readonly parameters: Record<string, Parameter> = {};
  /** By source: aggregate with its arguments → name of its column. */
  readonly leaves: Record<LeafSource, Map<string, { readonly column: string; readonly aggregate: string }>> = {
    events: new Map(),
    orders: new Map(),
    traits: new Map(),
    computed: new Map(),
  };
  /** Columns made of leaves, in the order in which they build on one another. */
  readonly derived = new Map<string, string>();
  /** Names of events that any leaf reads; null: all. */
  eventNames: Set<string> | null = new Set();
  readonly traitNames = new Set<string>();
  readonly computedNames = new Set<string>();
  /** No leaf reads an event from before this instant; null: some do. */
  eventsFrom: number | null = Number.POSITIVE_INFINITY;
  readonly #names = new Map<string, string>();

  text(value: string): string {
    return this.#parameter('t', 'String', value);
  }
  number(value: number): string {
    return this.#parameter('n', 'Float64', value);
  }
  instant(ms: number): string {
    return this.#parameter('d', 'DateTime64(3)', new Date(ms));
  }
  texts(values: readonly string[]): string {
    return this.#parameter('l', 'Array(String)', values);
  }
  numbers(values: readonly number[]): string {
    return this.#parameter('m', 'Array(Float64)', values);
  }

  /** A column with the aggregate over all rows of the person: `countIf`, and what stands in its brackets. */
  leaf(source: LeafSource, aggregate: string, inside: string): string {
    const leaves = this.leaves[source];
    const key = `${aggregate}State(${inside})`;
    const known = leaves.get(key);
    if (known) return known.column;
    const column = `${source}_${leaves.size}`;
    leaves.set(key, { column, aggregate });
    return column;
  }

  derive(expression: string): string {
    const known = this.derived.get(expression);
    if (known) return known;
    const name = `made_${this.derived.size}`;
    this.derived.set(expression, name);
    return name;
  }

  readsEvents(name: string, from: number | null): void {
    if (name === '*') this.eventNames = null;
    else this.eventNames?.add(name);
    this.eventsFrom = from === null || this.eventsFrom === null ? null : Math.min(this.eventsFrom, from);
  }

  #parameter(prefix: string, type: string, value: Parameter): string {
    const key = `${type} ${value instanceof Date ? value.getTime() : JSON.stringify(value)}`;
    let name = this.#names.get(key);
    if (name === undefined) {
      name = `${prefix}${this.#names.size}`;
      this.#names.set(key, name);
      this.parameters[name] = value;
    }
    return `{${name}:${type}}`;
  }
}
