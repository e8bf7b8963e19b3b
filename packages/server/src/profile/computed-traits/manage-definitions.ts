import type {
  ComputedTrait,
  ComputedTraitDefinition,
  ComputedTraitPreview,
  ComputedTraitRefresh,
  ComputedTraitUpdate,
  computedTraitCreateSchema,
} from '@zhiyin/contract';
import type { z } from 'zod';
import { AppError } from '../../domain/app-error.ts';
import { asProfileId, type WorkspaceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import type { Stores } from '../../storage/stores.ts';
import { type Act, operatorOf, type Queue } from '../audiences/act.ts';
import { readPeopleRows } from '../audiences/read-people-rows.ts';
import { listUses } from '../audiences/rule-uses.ts';
import type { NameOptions } from '../display-name.ts';
import { definitionQuestion } from './compile-definition.ts';
import { checkDefinition, computeDefinition } from './compute-definition.ts';
import { readTraitFacts, type TraitFacts } from './read-trait-facts.ts';
import { saveComputedTraits } from './save-computed-traits.ts';

export type DefinitionRowKept = {
  id: number;
  name: string;
  title: string;
  definition: ComputedTraitDefinition;
  refresh: ComputedTraitRefresh;
  last_run: { people: number; elapsedMs: number; computedAt: string } | null;
  error: { message: string; fix: string; at: string } | null;
  computing: boolean;
};

export const traitJob = 'computed-trait';
const definitionsMax = 200;
const sampleSize = 12;

/** Those of the brand by name, then what the platform computes. */
export async function listComputedTraits(stores: Stores, workspace: Workspace): Promise<ComputedTrait[]> {
  const [kept, facts, uses] = await Promise.all([
    readKept(stores.control, workspace.id, null),
    readTraitFacts(stores, workspace.id),
    listUses(stores.control, workspace.id, 'computed'),
  ]);
  const own = kept.map((row) => toTrait(row, facts.get(row.name), uses.get(row.name) ?? []));
  const names = new Set(kept.map((row) => row.name));
  const platform = [...facts.values()]
    .filter(({ name, source }) => !names.has(name) && !source.startsWith('trait:'))
    .map((fact) => toTrait(null, fact, uses.get(fact.name) ?? []));
  return [...own, ...platform];
}

export async function getComputedTrait(stores: Stores, workspace: Workspace, id: number): Promise<ComputedTrait> {
  const row = await getKept(stores.control, workspace.id, id);
  const [facts, uses] = await Promise.all([
    readTraitFacts(stores, workspace.id, row.name),
    listUses(stores.control, workspace.id, 'computed'),
  ]);
  return toTrait(row, facts.get(row.name), uses.get(row.name) ?? []);
}

export async function createComputedTrait(
  stores: Stores,
  workspace: Workspace,
  create: z.output<typeof computedTraitCreateSchema>,
  act: Act & { readonly jobs: Queue },
): Promise<ComputedTrait> {
  await tryDefinition(stores, workspace, create.definition);
  const id = await stores.control.transaction(async (session) => {
    const own = session.of(workspace.id);
    const [found] = await own.query<{ all: number; taken: boolean }>(
      'select count(*)::int as all, coalesce(bool_or(name = $2), false) as taken from computed_trait_definitions where workspace_id = $1',
      [create.name],
    );
    if (found!.taken) {
      throw new AppError('conflict', `There is a computed trait called ${create.name} already.`, {
        details: { field: 'name', fix: 'Choose another name: rules tell traits by it.' },
      });
    }
    if (found!.all >= definitionsMax) {
      throw new AppError('conflict', `A workspace has at most ${definitionsMax} computed traits.`, {
        details: { fix: 'Delete one that no segment reads.' },
      });
    }
    const [row] = await own.query<{ id: number }>(
      `insert into computed_trait_definitions (workspace_id, name, title, definition, refresh, due_at, created_by)
       values ($1, $2, $3, $4, $5, now(), $6) returning id`,
      [create.name, create.title, JSON.stringify(create.definition), JSON.stringify(create.refresh), operatorOf(act)],
    );
    await act.audit(session, { traitId: row!.id, kind: create.definition.kind, refresh: create.refresh.kind });
    return row!.id;
  });
  await sendCompute(act.jobs, workspace.id, id);
  return getComputedTrait(stores, workspace, id);
}

export async function updateComputedTrait(
  stores: Stores,
  workspace: Workspace,
  id: number,
  update: ComputedTraitUpdate,
  act: Act & { readonly jobs: Queue },
): Promise<ComputedTrait> {
  if (update.definition) await tryDefinition(stores, workspace, update.definition);
  await stores.control.transaction(async (session) => {
    await getKept(session, workspace.id, id);
    await session.of(workspace.id).query(
      `update computed_trait_definitions set title = coalesce($3, title), definition = coalesce($4::jsonb, definition),
         refresh = coalesce($5::jsonb, refresh), error = null, due_at = now(), updated_at = now()
       where workspace_id = $1 and id = $2`,
      [
        id,
        update.title ?? null,
        update.definition ? JSON.stringify(update.definition) : null,
        update.refresh ? JSON.stringify(update.refresh) : null,
      ],
    );
    await act.audit(session, { fields: Object.keys(update) });
  });
  await sendCompute(act.jobs, workspace.id, id);
  return getComputedTrait(stores, workspace, id);
}

export async function refreshComputedTrait(
  stores: Stores,
  workspace: Workspace,
  id: number,
  act: Act & { readonly jobs: Queue },
): Promise<ComputedTrait> {
  await getKept(stores.control, workspace.id, id);
  await stores.control.transaction((session) => act.audit(session));
  await sendCompute(act.jobs, workspace.id, id);
  return getComputedTrait(stores, workspace, id);
}

/** Its values go with it. While a segment reads it, it stays: the segment would silently become another. */
export async function deleteComputedTrait(stores: Stores, workspace: Workspace, id: number, act: Act): Promise<void> {
  const row = await getKept(stores.control, workspace.id, id);
  const uses = (await listUses(stores.control, workspace.id, 'computed')).get(row.name) ?? [];
  if (uses.length > 0) {
    throw new AppError('conflict', `Segments read ${row.name}: ${uses.map(({ name }) => name).join(', ')}.`, {
      details: { fix: 'Change or archive those segments first.' },
    });
  }
  await stores.control.transaction(async (session) => {
    await session
      .of(workspace.id)
      .query('delete from computed_trait_definitions where workspace_id = $1 and id = $2', [id]);
    await act.audit(session);
  });
  await saveComputedTraits(stores, workspace, {
    name: row.name,
    source: `trait:${id}`,
    computedAt: new Date(),
    rows: [],
    covers: 'everyone',
  });
}

/** What a definition would give: how many people, and some of them. Nothing is kept. */
export async function previewComputedTrait(
  stores: Stores,
  workspace: Workspace,
  definition: ComputedTraitDefinition,
  view: NameOptions,
): Promise<ComputedTraitPreview> {
  const startedAt = performance.now();
  const sample: { profileId: string; value: unknown }[] = [];
  let people = 0;
  for await (const rows of computeDefinition(stores, workspace, definition, { now: new Date() })) {
    for (const { profileId, value } of rows) if (sample.length < sampleSize) sample.push({ profileId, value });
    people += rows.length;
  }
  const elapsedMs = Math.round(performance.now() - startedAt);
  const found = await readPeopleRows(
    stores,
    workspace,
    sample.map(({ profileId }) => asProfileId(profileId)),
    view,
  );
  return {
    people,
    sample: found.map((person, i) => ({ person, value: sample[i]!.value })),
    elapsedMs,
    statement: definitionQuestion(definition, workspace, new Date()).sql,
  };
}

/** A definition that cannot be asked is refused before it is kept. */
async function tryDefinition(stores: Stores, workspace: Workspace, definition: ComputedTraitDefinition): Promise<void> {
  checkDefinition(definition);
  for await (const _rows of computeDefinition(stores, workspace, definition, { now: new Date() })) break;
}

export async function sendCompute(jobs: Pick<Queue, 'send'>, workspaceId: WorkspaceId, traitId: number): Promise<void> {
  const subject = `computed trait ${traitId}`;
  await jobs.send(traitJob, { traitId }, { subject, singletonKey: subject, workspaceId });
}

export async function getKept(
  control: ControlSession,
  workspaceId: WorkspaceId,
  id: number,
): Promise<DefinitionRowKept> {
  const [row] = await readKept(control, workspaceId, id);
  if (row) return row;
  throw new AppError('not_found', `There is no computed trait ${id}.`, {
    details: { field: 'traitId', fix: 'Use one of GET …/computed-traits.' },
  });
}

export const readKept = (
  control: ControlSession,
  workspaceId: WorkspaceId,
  id: number | null,
): Promise<DefinitionRowKept[]> =>
  control.of(workspaceId).query<DefinitionRowKept>(
    `select id, name, title, definition, refresh, last_run, error, coalesce(due_at <= now(), false) as computing from computed_trait_definitions
     where workspace_id = $1 and ($2::int is null or id = $2) order by name`,
    [id],
  );

const toTrait = (
  row: DefinitionRowKept | null,
  facts: TraitFacts | undefined,
  usedBy: ComputedTrait['usedBy'],
): ComputedTrait => ({
  id: row?.id ?? null,
  name: row?.name ?? facts!.name,
  title: row?.title ?? '',
  definition: row?.definition ?? null,
  refresh: row?.refresh ?? null,
  source: row ? `trait:${row.id}` : facts!.source,
  people: facts?.people ?? 0,
  type: facts?.type ?? 'none',
  min: facts?.min ?? null,
  mean: facts?.mean ?? null,
  max: facts?.max ?? null,
  values: facts?.values ?? [],
  computedAt: row?.last_run?.computedAt ?? facts?.computedAt ?? null,
  elapsedMs: row?.last_run?.elapsedMs ?? null,
  computing: row?.computing ?? false,
  error: row?.error ?? null,
  usedBy,
});
