import { lifetimeModels, sequenceModels } from '@zhiyin/learn';
import { AppError } from '../../domain/app-error.ts';
import { parseArguments, wholeNumber } from '../arguments.ts';
import { classifyModels, evaluateClassify } from './evaluate-classify.ts';
import { evaluateClv } from './evaluate-clv.ts';
import { evaluateRecommend, recommendModels } from './evaluate-recommend.ts';
import { evaluateSequence } from './evaluate-sequence.ts';

type Report = Record<string, number | string | null>;

/** Backtests on files, the same that decide inside the platform whether a model may serve. One task a line. */
const tasks: Record<string, { says: string; run: (args: readonly string[]) => Promise<Report> }> = {
  recommend: {
    says: `ranking of items per user: --train FILE --test FILE [--model auto|${recommendModels.join('|')}] [--k 20] [--neighbours 100]`,
    run: (args) => {
      const { values } = parseArguments(
        args,
        {
          train: { type: 'string' },
          test: { type: 'string' },
          model: { type: 'string', default: 'auto' },
          k: { type: 'string' },
          neighbours: { type: 'string' },
          seed: { type: 'string' },
          json: { type: 'boolean' },
        },
        'zhiyin evaluate recommend --train FILE --test FILE',
      );
      if (!values.train || !values.test) {
        throw new AppError(
          'input.invalid',
          'zhiyin evaluate recommend needs --train FILE and --test FILE (user,item[,rating] with a header, JSON lines, or `user item item …`)',
        );
      }
      return evaluateRecommend({
        train: values.train,
        test: values.test,
        model: values.model,
        k: wholeNumber('k', values.k, 20),
        neighbours: wholeNumber('neighbours', values.neighbours, 100),
        seed: wholeNumber('seed', values.seed, 1, 0),
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
        timeBudgetSeconds: wholeNumber('time-budget', values['time-budget'], 600),
        repeats: values.repeats,
        refit: values.refit,
      });
    },
  },
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
  if (out.isTTY && !rest.includes('--json')) {
    const longest = Math.max(...Object.keys(report).map((key) => key.length));
    for (const [key, value] of Object.entries(report)) {
      out.write(`${key.padEnd(longest)}  ${typeof value === 'number' ? Number(value.toPrecision(5)) : value}\n`);
    }
  }
  out.write(`${JSON.stringify(report)}\n`);
}
