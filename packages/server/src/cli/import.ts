import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { Transform } from 'node:stream';
import { type Import, importKindSchema, importMappingSchema, importOptionsSchema } from '@zhiyin/contract';
import { AppError } from '../domain/app-error.ts';
import { parseArguments } from './arguments.ts';
import { finishImport, prepareImport } from './import-file.ts';
import { ProgressBar } from './progress-bar.ts';
import { chooseWorkspace, withPlatform } from './with-platform.ts';

const usage = `zhiyin import FILE [--kind events|orders|customers|catalogue|reviews|spend] [--workspace ID] [--map '{"Column":"field"}']
  [--time-zone Asia/Shanghai] [--encoding gb18030] [--delimiter ';'] [--day-first] [--currency CNY] [--repeated-rows keep|one] [--event NAME] [--dry-run] [--json]`;

/** `zhiyin import`: the same import as the console's, with the guessed mapping shown before it starts. */
export async function runImportCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArguments(
    args,
    {
      kind: { type: 'string' },
      workspace: { type: 'string' },
      map: { type: 'string' },
      'time-zone': { type: 'string' },
      encoding: { type: 'string' },
      delimiter: { type: 'string' },
      'day-first': { type: 'boolean' },
      currency: { type: 'string' },
      'repeated-rows': { type: 'string' },
      event: { type: 'string' },
      'dry-run': { type: 'boolean' },
      json: { type: 'boolean' },
    },
    usage,
  );
  const [file] = positionals;
  if (!file) throw new AppError('input.invalid', `zhiyin import: which file?\n\nUsage: ${usage}`);
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile())
    throw new AppError('input.invalid', `${file}: there is no such file`, { details: { field: 'FILE' } });
  const kind = values.kind === undefined ? undefined : importKindSchema.parse(values.kind);
  const options = importOptionsSchema.partial().parse({
    ...(values['time-zone'] ? { timeZone: values['time-zone'] } : {}),
    ...(values.encoding ? { encoding: values.encoding } : {}),
    ...(values.delimiter ? { delimiter: values.delimiter } : {}),
    ...(values['day-first'] ? { dayFirst: true } : {}),
    ...(values.currency ? { currency: values.currency } : {}),
    ...(values['repeated-rows'] ? { repeatedRows: values['repeated-rows'] } : {}),
    ...(values.event ? { eventName: values.event } : {}),
  });
  const mapping = values.map === undefined ? undefined : importMappingSchema.parse(JSON.parse(values.map));
  const say = (line: string) => (values.json ? undefined : console.log(line));

  await withPlatform(async (platform) => {
    const workspace = await chooseWorkspace(platform, values.workspace);
    const uploading = new ProgressBar('Reading');
    let sent = 0;
    const bytes = createReadStream(file).pipe(
      new Transform({
        transform(chunk: Buffer, _encoding, done) {
          sent += chunk.length;
          uploading.update(sent, found.size);
          done(null, chunk);
        },
      }),
    );
    const prepared = await prepareImport(platform, workspace, {
      name: path.basename(file),
      sizeBytes: found.size,
      bytes,
      kind,
      options,
      mapping,
    });
    uploading.end();
    const { state, preview } = prepared;
    say(`${path.basename(file)} as ${state.kind ?? 'unknown kind'} into ${workspace.name}`);
    for (const column of state.detected?.columns ?? []) {
      const field = state.mapping[column.name] ?? null;
      say(
        `  ${column.name.padEnd(24)} → ${(field ?? '(left out)').padEnd(14)} ${column.samples.slice(0, 2).join(' | ').slice(0, 60)}`,
      );
    }
    for (const problem of preview.problems) say(`  ! ${problem.field}: ${problem.message}`);
    if (preview.problems.length > 0 || values['dry-run']) {
      if (values.json) console.log(JSON.stringify({ import: state, preview }));
      else
        say(
          values['dry-run']
            ? `Nothing was imported (--dry-run). It is kept as import ${state.id} in the console.`
            : 'Give --kind or --map and try again.',
        );
      process.exitCode = values['dry-run'] ? 0 : 1;
      return;
    }
    const bar = new ProgressBar('Importing');
    const ended = await finishImport(platform, workspace, prepared, (progress) =>
      bar.update(progress.rowsDone, progress.rowsTotal ?? 0, progress.secondsLeft, progress.stage),
    );
    bar.end();
    if (values.json) console.log(JSON.stringify(ended));
    else sayReport(ended, say);
    process.exitCode = ended.state === 'done' ? 0 : 1;
  });
}

function sayReport({ state, report, error }: Import, say: (line: string) => void): void {
  if (!report) {
    say(`The import ended as ${state}: ${error ?? 'see the log'}`);
    return;
  }
  const count = (n: number) => n.toLocaleString('en');
  say(
    `${count(report.received)} rows in ${report.seconds} s: ${count(report.accepted)} accepted, ${count(report.repaired)} repaired, ${count(report.duplicate)} duplicate, ${count(report.quarantined)} in quarantine`,
  );
  for (const [repair, rows] of Object.entries(report.repairs)) say(`  repaired  ${repair}: ${count(rows)}`);
  for (const [reason, rows] of Object.entries(report.reasons)) say(`  quarantine  ${reason}: ${count(rows)}`);
  for (const [what, amount] of Object.entries(report.made)) say(`  made  ${what}: ${count(amount)}`);
  for (const { text } of report.notes) say(`  ${text}`);
}
