import { AppError } from '../domain/app-error.ts';

type Command = { readonly says: string; readonly run: (args: readonly string[]) => Promise<void> };

/** Each command is loaded when it is called: `zhiyin doctor` must work where the platform does not. */
const commands: Readonly<Record<string, Command>> = {
  start: { says: 'start the platform [--empty]', run: async (args) => (await import('./start.ts')).runStart(args) },
  import: {
    says: 'import a file: zhiyin import FILE --kind orders [--workspace ID]',
    run: async (args) => (await import('./import.ts')).runImportCommand(args),
  },
  export: {
    says: 'export events, orders, people or items: zhiyin export events --format csv --out FILE',
    run: async (args) => (await import('./export.ts')).runExportCommand(args),
  },
  evaluate: {
    says: 'backtest on files: zhiyin evaluate recommend --train FILE --test FILE',
    run: async (args) => (await import('./evaluate/evaluate.ts')).runEvaluate(args),
  },
  train: {
    says: 'learn a model of text: zhiyin train sentiment --data FILE --out FILE',
    run: async (args) => (await import('./train.ts')).runTrain(args),
  },
  market: {
    says: 'the synthetic market: zhiyin market generate|run',
    run: async (args) => (await import('./market.ts')).runMarket(args),
  },
  backup: {
    says: 'back up the embedded stores while they run: zhiyin backup DIRECTORY',
    run: async (args) => (await import('./backup.ts')).runBackupCommand(args),
  },
  restore: {
    says: 'restore a backup into an empty data directory: zhiyin restore DIRECTORY',
    run: async (args) => (await import('./backup.ts')).runRestoreCommand(args),
  },
  doctor: {
    says: 'check ports, disk, stores, keys and versions',
    run: async (args) => (await import('./doctor.ts')).runDoctor(args),
  },
};

const [name = 'help', ...rest] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (!command) {
  const lines = Object.entries(commands).map(([word, { says }]) => `  ${word.padEnd(9)} ${says}`);
  console.log(`zhiyin 知音\n\n${lines.join('\n')}\n\nSettings are environment variables: see docs/configuration.md.`);
  process.exit(['help', '--help', '-h'].includes(name) ? 0 : 2);
}
try {
  await command.run(rest);
} catch (cause) {
  if (!(cause instanceof AppError)) throw cause;
  console.error(cause.message);
  if (cause.details.fix) console.error(cause.details.fix);
  process.exit(1);
}
