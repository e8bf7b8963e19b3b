import type { IdentityKind } from '../../../domain/identity.ts';
import { asIdentityId } from '../../../domain/ids.ts';
import type { Stores } from '../../../storage/stores.ts';
import type { ImportDeps, SeenPair, SeenPerson } from '../import-deps.ts';
import type { ImportPlan } from '../import-plan.ts';
import type { BulkEngine } from './bulk-engine.ts';
import { identitySql } from './identity-sql.ts';
import type { Staging } from './staging.ts';

const pageRows = 5_000;

/** Tells vault and identity graph who was in the file: distinct identifiers and pairs of kept rows, page by page. */
export async function registerStagedPeople(
  stores: Stores,
  deps: ImportDeps,
  plan: ImportPlan,
  engine: BulkEngine,
  staging: Staging,
): Promise<void> {
  const hasPairs = identitySql(plan).kinds.length > 1;
  // A page reads what it needs: each person once, in the order of the pages.
  await engine.run(
    `INSERT INTO ${staging.seen} SELECT identity_id, any(kind), any(value_sealed), min(first) FROM ${staging.people} GROUP BY identity_id`,
  );
  await registerPeople(stores, deps, plan, engine, staging);
  if (hasPairs) await registerPairs(stores, deps, plan, engine, staging);
}

async function registerPeople(
  stores: Stores,
  deps: ImportDeps,
  plan: ImportPlan,
  engine: BulkEngine,
  staging: Staging,
): Promise<void> {
  const vault = await stores.vault.of(plan.workspace.id);
  for (let after = '0'; ; ) {
    const page = await engine.rows<{ id: string; kind: IdentityKind; sealed: string; first: string }>(
      `SELECT toString(identity_id) AS id, kind, value_sealed AS sealed, toString(first) AS first FROM ${staging.seen}
       WHERE identity_id > ${after} ORDER BY identity_id LIMIT ${pageRows}`,
    );
    if (page.length === 0) return;
    after = page[page.length - 1]!.id;
    const people = page.map(
      (row): SeenPerson => ({
        identityId: asIdentityId(row.id),
        kind: row.kind,
        value: vault.openRecord(Buffer.from(row.sealed, 'base64')).toString('utf8'),
        firstSeenAt: instant(row.first),
      }),
    );
    await deps.ports.registerPeople(stores, plan.workspace, { sourceId: plan.sourceId, people, pairs: [] });
  }
}

async function registerPairs(
  stores: Stores,
  deps: ImportDeps,
  plan: ImportPlan,
  engine: BulkEngine,
  staging: Staging,
): Promise<void> {
  for (let low = '0', high = '0'; ; ) {
    const page = await engine.rows<{ low: string; high: string; first: string }>(
      `SELECT toString(low_id) AS low, toString(high_id) AS high, toString(min(first)) AS first FROM ${staging.pairs}
       WHERE low_id >= ${low} AND (low_id, high_id) > (${low}, ${high}) GROUP BY low_id, high_id ORDER BY low_id, high_id LIMIT ${pageRows}`,
    );
    if (page.length === 0) return;
    low = page[page.length - 1]!.low;
    high = page[page.length - 1]!.high;
    const pairs = page.map(
      (row): SeenPair => ({
        lowId: asIdentityId(row.low),
        highId: asIdentityId(row.high),
        firstSeenAt: instant(row.first),
      }),
    );
    await deps.ports.registerPeople(stores, plan.workspace, { sourceId: plan.sourceId, people: [], pairs });
  }
}

const instant = (text: string): Date => new Date(`${text.replace(' ', 'T')}Z`);
