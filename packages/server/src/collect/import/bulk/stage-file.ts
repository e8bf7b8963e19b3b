import type { Stores } from '../../../storage/stores.ts';
import type { ImportDeps } from '../import-deps.ts';
import type { ImportFile, ImportPlan } from '../import-plan.ts';
import { readBroken, splitUnreadable } from '../split-unreadable.ts';
import { type BulkEngine, isUnreadable } from './bulk-engine.ts';
import type { Staging } from './staging.ts';

/** File → staging. A file with broken records is rewritten without them once, so that the engine can read the rest. */
export async function stageFile(
  stores: Stores,
  deps: ImportDeps,
  plan: ImportPlan,
  engine: BulkEngine,
  staging: Staging,
  fill: (file: ImportFile) => Promise<void>,
): Promise<void> {
  const isDelimited = plan.file.format === 'csv' || plan.file.format === 'tsv';
  try {
    await fill(plan.file);
    if (!isDelimited || !(await hasColumnFaults(engine, staging))) return;
  } catch (cause) {
    if (!isDelimited || !isUnreadable(cause)) throw cause;
  }
  const split = await splitUnreadable(plan.file, `${plan.file.path}.readable.csv`, deps.diskReserveBytes);
  await fill(split.file);
  await addBroken(engine, stores, plan, staging, split.brokenPath);
}

async function hasColumnFaults(engine: BulkEngine, staging: Staging): Promise<boolean> {
  const rows = await engine.rows<{ n: string }>(
    `SELECT count() AS n FROM ${staging.rejects} WHERE reason = 'column_count'`,
  );
  return Number(rows[0]?.n ?? 0) > 0;
}

/** Broken records from the rewritten file's companion: one JSON object a line, written by `splitUnreadable`. */
async function addBroken(
  engine: BulkEngine,
  stores: Stores,
  plan: ImportPlan,
  staging: Staging,
  brokenPath: string,
): Promise<void> {
  const vault = await stores.vault.of(plan.workspace.id);
  for await (const page of readBroken(brokenPath, 500)) {
    const values = page.map((broken) => {
      const raw = JSON.stringify({ _line: broken.raw });
      const sealed = vault.sealRecord(Buffer.from(raw, 'utf8')).toString('base64');
      const key = vault.messageKey(plan.sourceId, `import-row\0${broken.raw}\0${broken.occurrence}`);
      return `(${broken.row}, '${broken.reason}', '', '${broken.detail}', '${key}', '${sealed}')`;
    });
    for (let at = 0; at < values.length; at += 100) {
      await engine.run(
        `INSERT INTO ${staging.rejects} SELECT * FROM values('row UInt64, reason String, field String, detail String, record_key UUID, raw_sealed String', ${values.slice(at, at + 100).join(', ')})`,
      );
    }
  }
}
