import type { Question } from '../../../storage/events/event-store.ts';

type Parameter = NonNullable<Question['parameters']>[string];

/** Where leaves are read from: each is one pass over one table, by identity, joined by person. */
export const leafSources = ['events', 'orders', 'traits', 'computed', 'tags', 'lists'] as const;
export type LeafSource = (typeof leafSources)[number];

/** Expressions that got a name, each behind those it is made of. */
export class NamedColumns {
  readonly #prefix: string;
  readonly #byExpression = new Map<string, string>();
  readonly #depths = new Map<string, number>();
  /** Layers of `name → expression`: a layer reads only names of the layers before it. */
  readonly layers: Map<string, string>[] = [];

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /**
   * Said twice, an expression is looked at twice by the engine, and so is everything in it: what is used more than once gets a name, and
   * names stand in sub-selects of their own.
   */
  name(expression: string): string {
    const known = this.#byExpression.get(expression);
    if (known) return known;
    const name = `${this.#prefix}_${this.#byExpression.size}`;
    const used = expression.match(/\b[a-z]+_\d+\b/g) ?? [];
    const depth = Math.max(-1, ...used.map((one) => this.#depths.get(one) ?? -1)) + 1;
    this.#byExpression.set(expression, name);
    this.#depths.set(name, depth);
    this.layers[depth] ??= new Map();
    this.layers[depth].set(name, expression);
    return name;
  }
}

type Leaf = { readonly column: string; readonly aggregate: string };

/**
 * What the conditions of one question have in common: their values as parameters, and their leaves, which are aggregates of a
 * person's rows. Equal leaves of a hundred segments are computed once.
 */
export class SqlScope {
  readonly parameters: Record<string, Parameter> = {};
  /** By source: aggregate with its arguments → name of its column. */
  readonly leaves: Record<LeafSource, Map<string, Leaf>> = {
    events: new Map(),
    orders: new Map(),
    traits: new Map(),
    computed: new Map(),
    tags: new Map(),
    lists: new Map(),
  };
  /** Made of leaves, a person at a time. */
  readonly made = new NamedColumns('made');
  /** Made of a row of a source, before rows are put together. */
  readonly rows = { events: new NamedColumns('seen'), orders: new NamedColumns('bought') };
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
