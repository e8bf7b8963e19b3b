import { createWriteStream } from 'node:fs';
import process from 'node:process';
import { pipeline } from 'node:stream/promises';
import { exportRows } from '../collect/export/index.ts';
import { importDeps } from '../compose-stages.ts';
import { AppError } from '../domain/app-error.ts';
import { appendAudit, systemActor } from '../trust/index.ts';
import { parseArguments } from './arguments.ts';
import { chooseWorkspace, withPlatform } from './with-platform.ts';

const usage =
  'zhiyin export events|orders|people|items [--format csv|ndjson|parquet] [--out FILE] [--workspace ID] [--reveal]';
const formats = ['csv', 'ndjson', 'parquet'] as const;

/** `zhiyin export`: a whole table as a file, or to standard output. Direct identifiers only with --reveal, which is noted in the audit log. */
export async function runExportCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArguments(
    args,
    {
      format: { type: 'string', default: 'csv' },
      out: { type: 'string' },
      workspace: { type: 'string' },
      reveal: { type: 'boolean', default: false },
    },
    usage,
  );
  const [what] = positionals;
  const format = formats.find((known) => known === values.format);
  if (!what || !format)
    throw new AppError(
      'input.invalid',
      `zhiyin export: say what, and a format of ${formats.join(', ')}\n\nUsage: ${usage}`,
    );
  await withPlatform(async (platform) => {
    const workspace = await chooseWorkspace(platform, values.workspace);
    const end = new AbortController();
    process.once('SIGINT', () => end.abort());
    const file = await exportRows(
      importDeps(platform),
      platform.stores,
      workspace,
      { what, format, reveal: values.reveal },
      { signal: end.signal },
    );
    await appendAudit(platform.stores.control, {
      workspaceId: workspace.id,
      actor: systemActor,
      action: 'export.command',
      target: { kind: 'export', id: what },
      details: { format, reveal: values.reveal },
    });
    if (!values.out) return void (await pipeline(file.body, process.stdout, { end: false }));
    await pipeline(file.body, createWriteStream(values.out, { mode: 0o600 }));
    console.error(`Written to ${values.out}`);
  });
}
