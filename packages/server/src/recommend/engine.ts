import { randomUUID } from 'node:crypto';
import type { RecommendPerson, RecommendRequest, SurfaceUpdate } from '@zhiyin/contract';
import type { IdentityId, WorkspaceId } from '../domain/ids.ts';
import type { Workspace } from '../domain/workspace.ts';
import { answerQuestion } from './answer/answer-question.ts';
import { assignArm } from './answer/assign-arm.ts';
import { type CompiledSurface, compileSurface, eligibleMask } from './answer/compiled-surface.ts';
import { listExclusions, unionOf } from './answer/exclude.ts';
import { explainRules } from './answer/explain-rules.ts';
import { type Answer, type Debug, formatAnswer, type Note } from './answer/format-answer.ts';
import { judgeBought } from './answer/judge-bought.ts';
import { historyOf } from './answer/model-history.ts';
import type { Question } from './answer/question.ts';
import { hashText, seededRandom } from './answer/random.ts';
import { BytePool } from './byte-pool.ts';
import { type DecisionCounts, DecisionWriter } from './decisions/decision-writer.ts';
import { formatDecision } from './decisions/format-decision.ts';
import { recommendChannel } from './models/model-registry.ts';
import { deeds } from './people/deeds.ts';
import { type AcceptedCalls, FreshEvents } from './people/fresh-events.ts';
import { computeTaste, emptyHistory, emptyTaste, type FreshDeed, type Taste } from './people/history.ts';
import { identify } from './people/identify.ts';
import type { StoredPerson } from './people/load-people.ts';
import { unknownSurface } from './surfaces/manage-surfaces.ts';
import { type EngineOptions, WorkspaceEngine } from './workspace-engine.ts';

export type RecommendEngine = {
  /** The answer as JSON in UTF-8, in memory that may be given back when it was sent. `record: false`: a preview; nothing is written. `draft`: rules that are not saved. */
  answer(workspace: Workspace, request: RecommendRequest, options?: AskOptions): Promise<Buffer>;
  giveBack(answer: Buffer): void;
  answerMany(
    workspace: Workspace,
    request: Omit<RecommendRequest, 'person' | 'items'>,
    people: readonly RecommendPerson[],
  ): Promise<Buffer>;
  /** What is kept of a workspace, loaded when it is not yet. */
  of(workspace: Workspace): Promise<WorkspaceEngine>;
  /** A surface as it answers now. @throws AppError `not_found` */
  surface(workspace: Workspace, name: string): Promise<CompiledSurface>;
  /** From collect, after a body is durable. */
  accepted(calls: AcceptedCalls): void;
  /** From collect, after items were pushed. */
  itemsChanged(workspaceId: WorkspaceId): void;
  decisions(): DecisionCounts;
  /** Everything answered so far is in the ledger. */
  flush(): Promise<void>;
  close(): Promise<void>;
};

export type AskOptions = { readonly record?: boolean; readonly draft?: SurfaceUpdate; readonly now?: () => number };

const tasteItems = 60;
const askedByName = 3;
/** What nobody asked about for this long is given back. */
const idleMs = 60 * 60_000;
const minuteMs = 60_000;
const comma = Buffer.from(',');

/** Opens what answers recommendations in this process. Workspaces are loaded when the first question about them comes. */
export async function openRecommendEngine(options: EngineOptions): Promise<RecommendEngine> {
  const { stores, log } = options;
  const engines = new Map<WorkspaceId, Promise<WorkspaceEngine>>();
  const freshOf = new Map<WorkspaceId, FreshEvents>();
  const writer = new DecisionWriter(stores.events, log);
  const pool = new BytePool();

  const of = (workspace: Workspace): Promise<WorkspaceEngine> => {
    let opening = engines.get(workspace.id);
    if (!opening) {
      const engine = new WorkspaceEngine(workspace, freshFor(workspace.id), options);
      opening = engine.load().then(() => engine);
      // The next question tries again.
      opening.catch(() => engines.delete(workspace.id));
      engines.set(workspace.id, opening);
    }
    return opening;
  };
  const freshFor = (workspaceId: WorkspaceId): FreshEvents => {
    let fresh = freshOf.get(workspaceId);
    if (!fresh) {
      fresh = new FreshEvents();
      freshOf.set(workspaceId, fresh);
    }
    return fresh;
  };
  const reload = (engine: WorkspaceEngine) =>
    engine.reload().catch((cause: unknown) => log.warn({ err: cause }, 'recommend: a change cannot be taken up yet'));
  const stopListening = await stores.control.listen(recommendChannel, (payload) => {
    for (const [workspaceId, opening] of engines) {
      if (payload === '' || Number(payload) === workspaceId) void opening.then(reload, () => undefined);
    }
  });
  const sweep = setInterval(() => {
    for (const [workspaceId, opening] of engines) {
      void opening.then(
        (engine) => {
          if (Date.now() - engine.askedAt > idleMs) engines.delete(workspaceId);
        },
        () => undefined,
      );
    }
  }, minuteMs).unref();

  async function answer(workspace: Workspace, request: RecommendRequest, ask: AskOptions = {}): Promise<Buffer> {
    const now = ask.now?.() ?? Date.now();
    const engine = await of(workspace);
    await engine.keepFresh(now);
    const vault = await stores.vault.of(workspace.id);
    engine.readFresh(workspace, vault, now);
    const surface = ask.draft
      ? compileSurface(request.surface, ask.draft, engine.catalogue)
      : engine.surfaces.get(request.surface);
    if (!surface) throw unknownSurface(request.surface);
    const ids = identify(request.person, workspace, vault).slice(0, askedByName);
    // Without the store somebody new is nobody: a list for everybody is better than an error, and it uses nothing they may not want used.
    const person =
      ids.length > 0
        ? await findPerson(engine, ids, now).catch((cause: unknown) => {
            log.warn({ err: cause }, 'recommend: a person cannot be read; answered without them');
            return undefined;
          })
        : undefined;
    return decide({ engine, surface, request, ids, person, now, record: ask.record ?? true });
  }

  /** From here on nothing waits: the scratch arrays of the model belong to one question at a time. */
  function decide(asked: Asked): Buffer {
    const { engine, surface, request, now } = asked;
    const { question, personalised, notes, experiment, freshEvents } = toQuestion(asked);
    const startedAt = performance.now();
    const found = surface.settings.enabled ? answerQuestion(question) : nothingShown;
    const elapsedMs = performance.now() - startedAt;
    const decisionId = randomUUID();
    const byModel = found.chosen.some(({ method }) => method !== 'popular');
    const said: Answer = {
      decisionId,
      surface: surface.surface,
      items: found.chosen,
      reasons: found.reasons,
      personalised: personalised && found.methods.some((method) => method !== 'popular'),
      notes: [...new Set([...notes, ...found.notes])],
      model: byModel ? (engine.model?.kind ?? 'content') : 'popularity',
      modelVersion: String(engine.model?.version ?? 0),
      propensity: found.propensity,
      methods: found.methods,
      fallback: found.fallback,
      experiment,
      decidedAt: new Date(now),
      ...(request.debug ? { debug: debugOf(question, found.chosen.length, elapsedMs, freshEvents) } : {}),
    };
    if (asked.record) {
      writer.add(
        formatDecision(said, engine.catalogue, {
          workspaceId: engine.workspace.id,
          profileId: asked.person?.stored.profileId ?? '0',
          candidates: found.candidates,
          consentBasis: asked.person?.optedOut ? 'opted_out' : personalised ? 'not_refused' : 'not_personal',
          now,
        }),
      );
    }
    return pool.take(formatAnswer(said, engine.catalogue, request.locale));
  }

  return {
    answer,
    giveBack: (bytes) => pool.giveBack(bytes),
    async answerMany(workspace, request, people) {
      // Loads gather by themselves: all of them wait for the same few questions to the store.
      const answers = await Promise.all(people.map((person) => answer(workspace, { ...request, person })));
      const pieces = answers.flatMap((one, at) => (at === 0 ? [one] : [comma, one]));
      const all = Buffer.concat([Buffer.from('{"answers":['), ...pieces, Buffer.from(']}')]);
      for (const one of answers) pool.giveBack(one);
      return all;
    },
    of,
    async surface(workspace, name) {
      const found = (await of(workspace)).surfaces.get(name);
      if (!found) throw unknownSurface(name);
      return found;
    },
    accepted: (calls) => freshFor(calls.workspaceId).add(calls),
    itemsChanged(workspaceId) {
      void engines.get(workspaceId)?.then(
        (engine) =>
          engine
            .itemsChanged()
            .catch((cause: unknown) => log.warn({ err: cause }, 'recommend: pushed items are seen later')),
        () => undefined,
      );
    },
    decisions: () => writer.counts(),
    flush: () => writer.flush(),
    async close() {
      clearInterval(sweep);
      await stopListening();
      await writer.close();
    },
  };
}

type AskedPerson = {
  readonly stored: StoredPerson;
  readonly optedOut: boolean;
  readonly taste: () => Taste;
  readonly freshEvents: number;
};
type Asked = {
  readonly engine: WorkspaceEngine;
  readonly surface: CompiledSurface;
  readonly request: RecommendRequest;
  readonly ids: readonly IdentityId[];
  readonly person: AskedPerson | undefined;
  readonly now: number;
  readonly record: boolean;
};

const nothingShown: ReturnType<typeof answerQuestion> = {
  chosen: [],
  reasons: [],
  candidates: [],
  methods: [],
  fallback: false,
  propensity: 1,
  notes: ['surface_off'],
};

/** The person behind the strongest identifier that is known by any deed; fresh deeds of all of them count. */
async function findPerson(engine: WorkspaceEngine, ids: readonly IdentityId[], now: number): Promise<AskedPerson> {
  const known = ids.map((id) => engine.people.find(id, now));
  const people = known.every((person) => person !== undefined)
    ? known
    : await Promise.all(ids.map((id, at) => known[at] ?? engine.people.get(id)));
  const stored = people.find((person) => person.history.item.length > 0) ?? people[0]!;
  const everyId = [...new Set([...ids, ...people.flatMap((person) => person.identityIds)])];
  const fresh = engine.fresh.find(everyId);
  const optedOut = fresh.optedOut ?? people.some((person) => person.optedOut);
  return {
    stored,
    optedOut,
    freshEvents: fresh.deeds.length,
    taste() {
      const deedsNow: FreshDeed[] = fresh.deeds.flatMap(({ itemId, code, at }) => {
        const item = engine.catalogue.find(itemId);
        return item === undefined ? [] : [{ item, code, at }];
      });
      return computeTaste(stored.history, deedsNow, { now, itemsMax: tasteItems, weights: engine.weights });
    },
  };
}

function toQuestion({ engine, surface, request, person, ids, now }: Asked) {
  const { catalogue, model } = engine;
  const { context = {} } = request;
  const find = (list: readonly (string | number)[] | undefined) =>
    (list ?? []).flatMap((id) => catalogue.find(String(id)) ?? []);
  const notes: Note[] = [];
  const mayKnow = person !== undefined && !person.optedOut;
  const mayUseSession = ids.length === 0 || mayKnow;
  const session = mayUseSession ? find(request.items) : [];
  const stored = mayKnow ? person.taste() : emptyTaste;
  // A session is what somebody looks at now: the latest and surest of what is known of them.
  const taste =
    session.length > 0
      ? computeTaste(emptyHistory, sessionDeeds(stored, session, now), {
          now,
          itemsMax: tasteItems,
          weights: engine.weights,
        })
      : stored;
  if (person?.optedOut) notes.push('opted_out');
  else if (request.person && ids.length === 0) notes.push('unknown_person');
  else if (taste.item.length === 0 && (request.person || request.items)) notes.push('no_history');
  if (!model) notes.push('no_model');

  const about = [...find(context.itemId === undefined ? [] : [context.itemId]), ...find(context.cart)];
  const { arm, experiment } = assignArm(surface, mayKnow ? person.stored.profileId : undefined);
  const { rules } = surface.settings;
  const done =
    session.length > 0 ? { ...taste, bought: stored.bought, viewed: stored.viewed, disliked: stored.disliked } : taste;
  const bought = judgeBought(rules, { taste: done, catalogue, model }, now);
  const exclusions = listExclusions({
    rules,
    taste: done,
    bought,
    asked: [...about, ...find(context.exclude)],
    now,
  });
  const personalised = taste.item.length > 0;
  // Who is not told apart gets what anybody gets in this minute, to the byte: also what is explored.
  const seed = personalised
    ? Math.floor(Math.random() * 4_294_967_296)
    : hashText(`${surface.surface}\0${context.region ?? ''}\0${about.join()}\0${Math.floor(now / minuteMs)}`);
  const question: Question = {
    surface,
    arm,
    catalogue,
    content: engine.content,
    model,
    popular: engine.popular,
    taste,
    history: historyOf({ taste, model }),
    about,
    candidates: context.candidates ? find(context.candidates) : undefined,
    excluded: unionOf(exclusions),
    exclusions,
    due: bought.due,
    eligible: eligibleMask(surface, catalogue, context.region),
    newItems: () => engine.newItems(),
    learned: engine.learned.get(surface.surface),
    k: request.k ?? surface.settings.k,
    now,
    random: seededRandom(seed),
  };
  return { question, personalised, notes, experiment, freshEvents: mayKnow ? person.freshEvents : 0 };
}

const viewSeconds = 1;

/** A session beside what is stored: each item as a view, one second after the other, the last one now. */
function sessionDeeds(stored: Taste, session: readonly number[], now: number): FreshDeed[] {
  const before = stored.item.map((item, at) => ({ item, code: stored.code[at]!, at: stored.at[at]! * 1_000 }));
  const looked = session.map((item, at) => ({
    item,
    code: deeds.viewed.code,
    at: now - (session.length - 1 - at) * viewSeconds * 1_000,
  }));
  return [...before, ...looked];
}

function debugOf(question: Question, items: number, elapsedMs: number, freshEvents: number): Debug {
  return { ...explainRules(question), steps: [{ step: 'answer', items, elapsedMs }], freshEvents };
}
