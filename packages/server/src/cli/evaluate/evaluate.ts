import { lifetimeModels, sequenceModels, type TextTask } from '@zhiyin/learn';
import { AppError } from '../../domain/app-error.ts';
import { parseArguments, timeBudgetSeconds, wholeNumber } from '../arguments.ts';
import { classifyModels, evaluateClassify } from './evaluate-classify.ts';
import { evaluateCluster } from './evaluate-cluster.ts';
import { evaluateClv } from './evaluate-clv.ts';
import { evaluateRecommend, recommendModels } from './evaluate-recommend.ts';
import { evaluateSequence } from './evaluate-sequence.ts';
import { evaluateTextTask } from './evaluate-texts.ts';

type Cell = number | string | null;
type Report = Record<string, Cell | readonly Record<string, Cell>[]>;

/** The three tasks on texts differ only in what their labels mean. */
const textTask = (task: TextTask, says: string) => ({
  says,
  run: (args: readonly string[]) => {
    const usage = `zhiyin evaluate ${task} --data FILE [--train FILE]`;
    const { values } = parseArguments(
      args,
      {
        data: { type: 'string' },
        test: { type: 'string' },
        train: { type: 'string' },
        model: { type: 'string' },
        lang: { type: 'string' },
        seed: { type: 'string' },
        'time-budget': { type: 'string' }, // taken as everywhere; this is done in seconds
        json: { type: 'boolean' },
      },
      usage,
    );
    const test = values.test ?? values.data;
    if (!test) {
      throw new AppError(
        'input.invalid',
        `zhiyin evaluate ${task} needs --data FILE (text,label with a header, or JSON lines)`,
      );
    }
    return evaluateTextTask({
      task,
      test,
      train: values.train,
      model: values.model,
      language: values.lang,
      seed: wholeNumber('seed', values.seed, 1, 0),
    });
  },
});

/** Backtests on files, the same that decide inside the platform whether a model may serve. One task a line. */
const tasks: Record<string, { says: string; run: (args: readonly string[]) => Promise<Report> }> = {
  recommend: {
    says: `ranking of items per user: --train FILE --test FILE [--items FILE] [--model auto|${recommendModels.join('|')}] [--options JSON] [--ratings ignore|weigh] [--k 20] [--seed 1] [--time-budget 300]`,
    run: (args) => {
      const usage = 'zhiyin evaluate recommend --train FILE --test FILE';
      const { values } = parseArguments(
        args,
        {
          train: { type: 'string' },
          test: { type: 'string' },
          items: { type: 'string' },
          model: { type: 'string', default: 'auto' },
          options: { type: 'string' },
          ratings: { type: 'string', default: 'ignore' },
          k: { type: 'string' },
          seed: { type: 'string' },
          'time-budget': { type: 'string' },
          json: { type: 'boolean' },
        },
        usage,
      );
      const { train, test, items, model, options, ratings } = values;
      if (!train || !test) {
        throw new AppError(
          'input.invalid',
          'zhiyin evaluate recommend needs --train FILE and --test FILE (user,item[,rating][,timestamp] with a header, JSON lines, or `user item item …`)',
        );
      }
      if (ratings !== 'ignore' && ratings !== 'weigh') {
        throw new AppError('input.invalid', `--ratings: must be ignore or weigh, got ${ratings}`, {
          details: { field: '--ratings', fix: 'ignore: rated is liked; weigh: the rating is the weight.' },
        });
      }
      return evaluateRecommend({
        train,
        test,
        ...(items === undefined ? {} : { items }),
        model,
        ...(options === undefined ? {} : { options }),
        ratings,
        k: wholeNumber('k', values.k, 20),
        seed: wholeNumber('seed', values.seed, 1, 0),
        timeBudgetSeconds: timeBudgetSeconds(values['time-budget'], 300),
      });
    },
  },
  classify: {
    says: `chance of a yes/no outcome per row: --train FILE --test FILE --label COLUMN [--without COLUMN,…] [--model auto|${classifyModels.join('|')}]`,
    run: (args) => {
      const usage = 'zhiyin evaluate classify --train FILE --test FILE --label COLUMN';
      const { values } = parseArguments(
        args,
        {
          train: { type: 'string' },
          test: { type: 'string' },
          label: { type: 'string' },
          without: { type: 'string' },
          model: { type: 'string', default: 'auto' },
          seed: { type: 'string' },
          'time-budget': { type: 'string' },
          json: { type: 'boolean' },
        },
        usage,
      );
      if (!values.train || !values.test || !values.label) {
        throw new AppError(
          'input.invalid',
          'zhiyin evaluate classify needs --train FILE, --test FILE (any columns, CSV with a header or JSON lines) and --label COLUMN',
        );
      }
      return evaluateClassify({
        train: values.train,
        test: values.test,
        label: values.label,
        without: values.without?.split(',').filter(Boolean) ?? [],
        model: values.model,
        seed: wholeNumber('seed', values.seed, 1, 0),
        timeBudgetSeconds:
          values['time-budget'] === undefined ? undefined : wholeNumber('time-budget', values['time-budget'], 0),
      });
    },
  },
  sequence: {
    says: `what comes next: --events FILE (user,item,timestamp, or \`user item item …\` in time order) [--model auto|${sequenceModels.join('|')}] [--k 10] [--repeats mask|keep] [--refit] [--time-budget SECONDS]`,
    run: (args) => {
      const { values } = parseArguments(
        args,
        {
          events: { type: 'string' },
          model: { type: 'string', default: 'auto' },
          k: { type: 'string' },
          repeats: { type: 'string', default: 'mask' },
          refit: { type: 'boolean', default: false },
          seed: { type: 'string' },
          'time-budget': { type: 'string' },
          json: { type: 'boolean' },
        },
        'zhiyin evaluate sequence --events FILE',
      );
      if (!values.events) {
        throw new AppError(
          'input.invalid',
          'zhiyin evaluate sequence needs --events FILE (user,item,timestamp with a header, JSON lines, or `user item item …` in time order)',
        );
      }
      return evaluateSequence({
        events: values.events,
        model: values.model,
        k: wholeNumber('k', values.k, 10),
        seed: wholeNumber('seed', values.seed, 1, 0),
        timeBudgetSeconds: wholeNumber('time-budget', values['time-budget'], 1800),
        repeats: values.repeats,
        refit: values.refit,
      });
    },
  },
  cluster: {
    says: 'groups of like rows: --data FILE [--k N] [--columns NAME,…] [--scale none|z|log-z|auto] [--restarts 10]; without --k the number of groups is chosen',
    run: (args) => {
      const usage = 'zhiyin evaluate cluster --data FILE [--k N]';
      const { values } = parseArguments(
        args,
        {
          data: { type: 'string' },
          k: { type: 'string' },
          columns: { type: 'string' },
          scale: { type: 'string', default: 'none' },
          restarts: { type: 'string' },
          seed: { type: 'string' },
          'time-budget': { type: 'string' }, // taken as everywhere; this is done in seconds
          json: { type: 'boolean' },
        },
        usage,
      );
      if (!values.data) {
        throw new AppError(
          'input.invalid',
          'zhiyin evaluate cluster needs --data FILE (numeric columns, CSV with a header or JSON lines)',
        );
      }
      return evaluateCluster({
        data: values.data,
        k: values.k === undefined ? undefined : wholeNumber('k', values.k, 1),
        columns: values.columns?.split(',').filter(Boolean) ?? [],
        scale: values.scale,
        restarts: wholeNumber('restarts', values.restarts, 10),
        seed: wholeNumber('seed', values.seed, 1, 0),
      });
    },
  },
  sentiment: textTask(
    'sentiment',
    'how texts feel: --data FILE (text,label) [--train FILE,…|--model FILE] [--lang zh|en]',
  ),
  emotion: textTask('emotion', 'which emotions texts show: --train FILE,… --test FILE (text,label)'),
  intent: textTask(
    'intent',
    'what texts want, and whether they want something else: --train FILE,… --test FILE (text,label)',
  ),
  clv: {
    says: `purchases to come per customer: --data FILE (customer,date[,amount]) --calibration-end DATE --observation-end DATE [--model auto|${lifetimeModels.join('|')}] [--unit week|day]`,
    run: (args) => {
      const usage = 'zhiyin evaluate clv --data FILE --calibration-end DATE --observation-end DATE';
      const { values } = parseArguments(
        args,
        {
          data: { type: 'string' },
          'calibration-end': { type: 'string' },
          'observation-end': { type: 'string' },
          model: { type: 'string', default: 'auto' },
          unit: { type: 'string', default: 'week' },
          seed: { type: 'string' }, // taken as everywhere; nothing here is random
          'time-budget': { type: 'string' }, // nor slow
          json: { type: 'boolean' },
        },
        usage,
      );
      if (!values.data || !values['calibration-end'] || !values['observation-end']) {
        throw new AppError(
          'input.invalid',
          'zhiyin evaluate clv needs --data FILE (customer,date[,amount] with a header, or JSON lines), --calibration-end DATE and --observation-end DATE (both days included)',
        );
      }
      return evaluateClv({
        data: values.data,
        calibrationEnd: values['calibration-end'],
        observationEnd: values['observation-end'],
        model: values.model,
        unit: values.unit,
      });
    },
  },
};

export async function runEvaluate(args: readonly string[], out: NodeJS.WriteStream = process.stdout): Promise<void> {
  const [name = '', ...rest] = args;
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (!task) {
    const known = Object.entries(tasks).map(([task, { says }]) => `  ${task}: ${says}`);
    throw new AppError(
      'input.invalid',
      `zhiyin evaluate: ${name ? `there is no task ${name}` : 'which task?'} Tasks are\n${known.join('\n')}`,
    );
  }
  const report = await task.run(rest);
  if (out.isTTY && !rest.includes('--json')) out.write(formatReport(report));
  out.write(`${JSON.stringify(report)}\n`);
}

/** One line a figure; tables below them. */
function formatReport(report: Report): string {
  const isTable = (value: Report[string]): value is readonly Record<string, Cell>[] => Array.isArray(value);
  const figures = Object.entries(report).filter(([, value]) => !isTable(value));
  const longest = Math.max(...figures.map(([key]) => key.length));
  const lines = figures.map(([key, value]) => `${key.padEnd(longest)}  ${formatCell(value as Cell)}`);
  const tables = Object.entries(report).flatMap(([key, value]) =>
    isTable(value) && value.length > 0 ? ['', `${key}:`, ...formatTable(value)] : [],
  );
  return `${[...lines, ...tables].join('\n')}\n`;
}

function formatTable(rows: readonly Record<string, Cell>[]): string[] {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [columns, ...rows.map((row) => columns.map((column) => formatCell(row[column] ?? null)))];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  return cells.map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd());
}

function formatCell(value: Cell): string {
  if (value === null) return '';
  return typeof value === 'number' ? String(Number(value.toPrecision(5))) : value;
}
