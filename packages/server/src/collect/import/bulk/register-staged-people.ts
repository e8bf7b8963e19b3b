import type { IdentityKind } from '../../../domain/identity.ts';
import { asIdentityId } from '../../../domain/ids.ts';
import type { Stores } from '../../../storage/stores.ts';
import type { ImportDeps, SeenPair, SeenPerson } from '../import-deps.ts';
import type { ImportPlan } from '../import-plan.ts';
import type { BulkEngine } from './bulk-engine.ts';
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
  const vault = await stores.vault.of(plan.workspace.id);
  const seen = `(SELECT id, min(occurred_at) AS first FROM (SELECT arrayJoin(arrayDistinct(arrayConcat([identity_id], others))) AS id, occurred_at FROM ${staging.rows}) GROUP BY id)`;
  for (let after = '0'; ; ) {
    const page = await engine.rows<{ id: string; kind: IdentityKind; sealed: string; first: string }>(
      `SELECT toString(p.identity_id) AS id, p.kind AS kind, p.value_sealed AS sealed, toString(s.first) AS first
       FROM (SELECT identity_id, any(kind) AS kind, any(value_sealed) AS value_sealed FROM ${staging.people} WHERE identity_id > ${after} GROUP BY identity_id ORDER BY identity_id LIMIT ${pageRows}) AS p
       ANY LEFT JOIN (SELECT * FROM ${seen} WHERE id > ${after}) AS s ON s.id = p.identity_id ORDER BY p.identity_id`,
    );
    if (page.length === 0) break;
    after = page[page.length - 1]!.id;
    const people = page
      .filter((row) => !row.first.startsWith('1970-01-01 00:00:00'))
      .map(
        (row): SeenPerson => ({
          identityId: asIdentityId(row.id),
          kind: row.kind,
          value: vault.openRecord(Buffer.from(row.sealed, 'base64')).toString('utf8'),
          firstSeenAt: new Date(`${row.first.replace(' ', 'T')}Z`),
        }),
      );
    if (people.length > 0)
      await deps.ports.registerPeople(stores, plan.workspace, { sourceId: plan.sourceId, people, pairs: [] });
  }
  for (let low = '0', high = '0'; ; ) {
    const page = await engine.rows<{ low: string; high: string; first: string }>(
      `SELECT toString(least(identity_id, other)) AS low, toString(greatest(identity_id, other)) AS high, toString(min(occurred_at)) AS first
       FROM ${staging.rows} ARRAY JOIN others AS other WHERE other != identity_id
         AND (least(identity_id, other), greatest(identity_id, other)) > (${low}, ${high})
       GROUP BY least(identity_id, other), greatest(identity_id, other)
       ORDER BY least(identity_id, other), greatest(identity_id, other) LIMIT ${pageRows}`,
    );
    if (page.length === 0) break;
    low = page[page.length - 1]!.low;
    high = page[page.length - 1]!.high;
    const pairs = page.map(
      (row): SeenPair => ({
        lowId: asIdentityId(row.low),
        highId: asIdentityId(row.high),
        firstSeenAt: new Date(`${row.first.replace(' ', 'T')}Z`),
      }),
    );
    await deps.ports.registerPeople(stores, plan.workspace, { sourceId: plan.sourceId, people: [], pairs });
  }
}
