import type { IdentityId } from '../domain/ids.ts';
import type { Workspace } from '../domain/workspace.ts';
import { readModelFile } from '../storage/models/model-files.ts';
import type { Stores } from '../storage/stores.ts';
import { type CompiledSurface, compileSurface } from './answer/compiled-surface.ts';
import type { PopularItems } from './answer/question.ts';
import { Catalogue } from './catalogue/catalogue.ts';
import { ContentIndex } from './catalogue/content-index.ts';
import { listVersions, loadItems, loadItemsById } from './catalogue/load-items.ts';
import { loadLearned } from './explore/learned.ts';
import { openLearned, type ServingLearned } from './explore/open-learned.ts';
import { isBundle } from './models/model-bundle.ts';
import { findServingModel } from './models/model-registry.ts';
import { knowsItem, openServingModel, type ServingModel } from './models/serving-model.ts';
import { compileWeights, defaultWeights, loadDeedWeights } from './people/deed-weights.ts';
import type { FreshEvents } from './people/fresh-events.ts';
import { loadPeople } from './people/load-people.ts';
import { PeopleDirectory } from './people/people-directory.ts';
import { Tail } from './people/tail.ts';
import { popularFromCounts, popularFromModel, popularityQuestion } from './popular-items.ts';
import { loadSurfaces } from './surfaces/manage-surfaces.ts';

export type EngineOptions = {
  readonly stores: Stores;
  readonly modelDir: string;
  readonly peopleMax: number;
  readonly log: { warn(details: object, message: string): void; info(details: object, message: string): void };
};

/** Other servers' events and items are looked for this often while somebody asks. */
const pollMs = 2_000;
/** After a pause this long nothing cached of people is believed. */
const gapMs = 20_000;
/** What exploration learned is computed every few minutes. */
const learnedPollMs = 10_000;
const personKeptMs = 5 * 60_000;
const popularKeptMs = 5 * 60_000;
/** A catalogue that takes long to look at is looked at less often: at most this share of the time. */
const pollShareMax = 0.05;
/** Versions are microseconds of the clocks of several servers: so lately, an older one may still come. */
const versionSlack = 120_000_000;
const idsPerQuestion = 2_000;

/** Everything one process keeps of one workspace so that it can answer without asking a store. */
export class WorkspaceEngine {
  readonly catalogue = new Catalogue();
  readonly content = new ContentIndex(this.catalogue);
  readonly fresh: FreshEvents;
  readonly people: PeopleDirectory;
  workspace: Workspace;
  model: ServingModel | undefined;
  popular: PopularItems = { item: new Int32Array(0), score: new Float32Array(0) };
  surfaces: ReadonlyMap<string, CompiledSurface> = new Map();
  /** What exploration has found out, by surface. */
  readonly learned = new Map<string, ServingLearned>();
  /** What each deed says about taste, as the brand has it. */
  weights = compileWeights(defaultWeights);
  loadedAt = 0;
  /** Last time somebody asked. */
  askedAt = Date.now();
  readonly #options: EngineOptions;
  readonly #tail: Tail;
  #deedWeights = defaultWeights;
  #popularAt = 0;
  #polledAt = 0;
  #itemsPolledAt = 0;
  #learnedPolledAt = 0;
  #learnedSince = new Date(0);
  #itemsTookMs = 0;
  #polling: Promise<void> | undefined;
  #newItems: number[] = [];
  #newItemsKey = '';

  constructor(workspace: Workspace, fresh: FreshEvents, options: EngineOptions) {
    this.workspace = workspace;
    this.fresh = fresh;
    this.#options = options;
    this.#tail = new Tail(options.stores.events, workspace.id);
    this.people = new PeopleDirectory({
      load: (ids) => loadPeople(options.stores, workspace.id, ids, this.catalogue),
      peopleMax: options.peopleMax,
      keptMs: personKeptMs,
    });
  }

  async load(): Promise<void> {
    await this.#loadItems();
    await this.reload();
    await this.#loadLearned();
    this.#polledAt = Date.now();
    this.loadedAt = Date.now();
  }

  /** Surfaces and the served model as the control store has them now. What serves goes on serving until the new one stands. */
  async reload(): Promise<void> {
    const { stores, modelDir, log } = this.#options;
    const surfaces = await loadSurfaces(stores.control, this.workspace);
    const { weights } = await loadDeedWeights(stores.control, this.workspace.id);
    const serving = await findServingModel(stores.control, this.workspace.id);
    if (JSON.stringify(weights) !== JSON.stringify(this.#deedWeights)) {
      this.#deedWeights = weights;
      this.weights = compileWeights(weights);
    }
    if (serving?.card.version !== this.model?.version) {
      const before = this.model;
      try {
        this.model = serving
          ? openServingModel(
              serving.card.version,
              await readModelFile(modelDir, { fileName: serving.fileName, checksum: serving.card.checksum }, isBundle),
              this.catalogue,
            )
          : undefined;
        this.content.useVectors(this.model?.bundle.vectors);
        before?.close();
      } catch (cause) {
        // The one before goes on, or popular items do: an answer without a model is better than none.
        log.warn({ err: cause, workspaceId: this.workspace.id }, 'recommend: the served model cannot be loaded');
      }
      // Histories name items by the catalogue's indices, and the model may have brought some that were unknown.
      this.people.clear();
      this.#popularAt = 0;
    }
    this.surfaces = new Map(
      [...surfaces].map(([name, settings]) => [name, compileSurface(name, settings, this.catalogue)]),
    );
    await this.#loadPopular();
  }

  /** Called with each question. Waits only after a pause, when what is kept may be old. */
  async keepFresh(now: number): Promise<void> {
    const paused = now - this.#polledAt > gapMs;
    this.askedAt = now;
    if (paused) {
      this.people.clear();
      this.#tail.restart();
    }
    if (!this.#polling && now - this.#polledAt >= pollMs) {
      this.#polledAt = now;
      this.#polling = this.#poll(now)
        .catch((cause: unknown) => {
          this.#options.log.warn({ err: cause, workspaceId: this.workspace.id }, 'recommend: cannot look for changes');
        })
        .finally(() => {
          this.#polling = undefined;
        });
    }
    if (paused) await this.#polling;
  }

  /** An item was pushed to this server: no need to wait for the next look. */
  async itemsChanged(): Promise<void> {
    await this.#loadItems();
  }

  /** Reads what was acknowledged since the last question. */
  readFresh(workspace: Workspace, vault: Parameters<FreshEvents['read']>[1], now: number): void {
    this.workspace = workspace;
    if (this.fresh.hasWaiting) this.fresh.read(workspace, vault, now);
  }

  newItems(): readonly number[] {
    const key = `${this.catalogue.revision}:${this.model?.version ?? 0}`;
    if (key !== this.#newItemsKey) {
      const { catalogue, model } = this;
      this.#newItems = Array.from(catalogue.liveItems())
        .filter((item) => !knowsItem(model, item))
        .sort((a, b) => catalogue.versions[b]! - catalogue.versions[a]! || a - b);
      this.#newItemsKey = key;
    }
    return this.#newItems;
  }

  async #poll(now: number): Promise<void> {
    const due = Math.max(pollMs, this.#itemsTookMs / pollShareMax);
    if (now - this.#itemsPolledAt >= due) await this.#loadItems();
    if (now - this.#learnedPolledAt >= learnedPollMs) await this.#loadLearned();
    const changed: IdentityId[] = await this.#tail.read(now);
    if (changed.length > 0) this.people.forget(changed);
    if (!this.model && now - this.#popularAt > popularKeptMs) await this.#loadPopular();
  }

  async #loadItems(): Promise<void> {
    const startedAt = performance.now();
    const { events } = this.#options.stores;
    const { id } = this.workspace;
    const { catalogue } = this;
    this.#itemsPolledAt = Date.now();
    const newest = catalogue.newestVersion;
    const slack = Math.max(0, versionSlack - Math.max(0, this.#itemsPolledAt * 1_000 - newest));
    const changed = newest === 0 ? undefined : await listVersions(events, id, newest - slack);
    const ids = changed?.flatMap(({ item_id, version }) => {
      const known = catalogue.find(item_id);
      return known !== undefined && catalogue.versions[known]! >= Number(version) ? [] : [item_id];
    });
    if (ids === undefined || ids.length > 20 * idsPerQuestion) {
      for await (const rows of loadItems(events, id)) catalogue.apply(rows);
    } else {
      for (let at = 0; at < ids.length; at += idsPerQuestion) {
        catalogue.apply(await loadItemsById(events, id, ids.slice(at, at + idsPerQuestion)));
      }
    }
    this.#itemsTookMs = performance.now() - startedAt;
  }

  async #loadLearned(): Promise<void> {
    this.#learnedPolledAt = Date.now();
    const news = await loadLearned(this.#options.stores.control, this.workspace.id, this.#learnedSince);
    for (const one of news) {
      this.learned.set(one.surface, openLearned(one, this.catalogue));
      if (one.learnedAt > this.#learnedSince) this.#learnedSince = one.learnedAt;
    }
  }

  async #loadPopular(): Promise<void> {
    if (this.model) {
      this.popular = popularFromModel(this.model);
      return;
    }
    this.#popularAt = Date.now();
    const counts = await this.#options.stores.events.read<{ item_id: string; weight: number }>(
      this.workspace.id,
      popularityQuestion(this.#deedWeights),
    );
    this.popular = popularFromCounts(counts.rows, this.catalogue);
  }
}
