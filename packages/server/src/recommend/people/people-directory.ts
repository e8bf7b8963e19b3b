import type { IdentityId } from '../../domain/ids.ts';
import { RecentCache } from '../../storage/vault/index.ts';
import type { StoredPerson } from './load-people.ts';

const batchMax = 500;
const batchesAtOnceMax = 2;

type Kept = { readonly person: StoredPerson; readonly until: number; stale: boolean };

/**
 * People asked for lately, in bounded memory, each loaded with the others that are asked for in the same moment: while one
 * load runs, the next gathers.
 */
export class PeopleDirectory {
  readonly #load: (ids: readonly IdentityId[]) => Promise<Map<IdentityId, StoredPerson>>;
  readonly #kept: RecentCache<Kept>;
  readonly #keptMs: number;
  #waiting = new Map<IdentityId, PromiseWithResolvers<StoredPerson>>();
  #running = 0;
  #planned = false;

  constructor(options: {
    readonly load: (ids: readonly IdentityId[]) => Promise<Map<IdentityId, StoredPerson>>;
    readonly peopleMax: number;
    readonly keptMs: number;
  }) {
    this.#load = options.load;
    this.#kept = new RecentCache(options.peopleMax);
    this.#keptMs = options.keptMs;
  }

  /** Undefined: has to be loaded. */
  find(id: IdentityId, now: number): StoredPerson | undefined {
    const kept = this.#kept.find(id);
    return kept && !kept.stale && kept.until > now ? kept.person : undefined;
  }

  get(id: IdentityId): Promise<StoredPerson> {
    let waiting = this.#waiting.get(id);
    if (!waiting) {
      waiting = Promise.withResolvers<StoredPerson>();
      this.#waiting.set(id, waiting);
      this.#plan();
    }
    return waiting.promise;
  }

  /** They did something elsewhere: looked at again when somebody asks. */
  forget(ids: Iterable<IdentityId>): void {
    for (const id of ids) {
      const kept = this.#kept.find(id);
      if (kept) kept.stale = true;
    }
  }

  clear(): void {
    this.#kept.clear();
  }

  #plan(): void {
    if (this.#planned || this.#running >= batchesAtOnceMax || this.#waiting.size === 0) return;
    this.#planned = true;
    setImmediate(() => {
      this.#planned = false;
      void this.#runBatch();
    });
  }

  async #runBatch(): Promise<void> {
    const batch = [...this.#waiting].slice(0, batchMax);
    for (const [id] of batch) this.#waiting.delete(id);
    this.#running += 1;
    try {
      const people = await this.#load(batch.map(([id]) => id));
      const until = Date.now() + this.#keptMs;
      for (const [id, { resolve }] of batch) {
        const person = people.get(id)!;
        const kept = { person, until, stale: false };
        for (const each of [id, ...person.identityIds]) this.#kept.put(each, kept);
        resolve(person);
      }
    } catch (cause) {
      for (const [, { reject }] of batch) reject(cause);
    } finally {
      this.#running -= 1;
      this.#plan();
    }
  }
}
