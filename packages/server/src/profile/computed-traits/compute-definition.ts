import type { ComputedTraitDefinition } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import type { IdentityId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { ReadOptions } from '../../storage/events/event-store.ts';
import { readTokens } from '../../storage/events/read-tokens.ts';
import type { Stores } from '../../storage/stores.ts';
import { type DefinitionRow, definitionQuestion } from './compile-definition.ts';
import type { ComputedRow, ComputedValue } from './save-computed-traits.ts';

/** A question of an analyst may not take the store from everybody else. */
export const computeLimits = { timeoutMs: 120_000, memoryBytesMax: 1_500_000_000 } as const;

/** People with their values, page by page. @throws AppError `input.invalid` that names the definition's field at fault */
export async function* computeDefinition(
  stores: Pick<Stores, 'events'>,
  workspace: Workspace,
  definition: ComputedTraitDefinition,
  options: { readonly now: Date; readonly among?: readonly IdentityId[] } & Pick<ReadOptions, 'signal'>,
): AsyncGenerator<ComputedRow[]> {
  checkDefinition(definition);
  const question = definitionQuestion(definition, workspace, options.now, options.among);
  try {
    const read = { ...computeLimits, ...(options.signal ? { signal: options.signal } : {}) };
    for await (const rows of stores.events.stream<DefinitionRow>(workspace.id, question, read)) {
      yield rows.map(toComputed);
    }
  } catch (cause) {
    throw explainFailure(definition, cause);
  }
}

/** One SELECT, and nothing that would lift its limits. Which tables it reads is looked after where all questions are. */
export function checkDefinition(definition: ComputedTraitDefinition): void {
  if (definition.kind !== 'sql') return;
  const words = readTokens(definition.sql)
    .filter((token) => token.kind === 'word')
    .map((token) => token.text.toLowerCase());
  const forbidden = words.find((word) => word === 'settings' || word === 'format' || word === 'outfile');
  if (forbidden) {
    throw wrongSql(`${forbidden.toUpperCase()} may not be used.`, 'Leave it out: limits and format are set.');
  }
  for (const column of ['profile_id', 'value']) {
    if (words.includes(column)) continue;
    throw wrongSql(
      `The question answers no column ${column}.`,
      'Answer profile_id and value: SELECT profile_id, count() AS value FROM @person_events GROUP BY profile_id.',
    );
  }
}

export const wrongSql = (message: string, fix: string, cause?: unknown): AppError =>
  new AppError('input.invalid', message, { cause, details: { field: 'definition.sql', fix } });

/** What the engine or the fence before it says of a question is for its author; of our own it would be our mistake. */
export function explainFailure(definition: ComputedTraitDefinition, cause: unknown): unknown {
  if (definition.kind !== 'sql' || (cause instanceof AppError && cause.code === 'input.invalid')) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const fenced = /^assertion failed: computed-trait: (.*)$/s.exec(message)?.[1];
  if (fenced)
    return wrongSql(
      `The question ${fenced}.`,
      'Read @person_events, @person_order_lines, @person_traits, @person_reviews or @items.',
      cause,
    );
  const whole = [message, cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : ''].join(' ');
  if (/TIMEOUT|timed? ?out|did not answer in/i.test(whole)) {
    return wrongSql(
      `It took longer than ${computeLimits.timeoutMs / 1_000} seconds.`,
      'Limit it by time or by event.',
      cause,
    );
  }
  if (/MEMORY_LIMIT/i.test(whole))
    return wrongSql('It needs more memory than a question may have.', 'Group earlier, or read less.', cause);
  const said = /(?:DB::Exception: |: )(.*?)(?:\. \([A-Z_]+\)|$)/s.exec(whole)?.[1] ?? message;
  return wrongSql(
    `The event store refuses it: ${said.replaceAll(/\s+/g, ' ').slice(0, 400)}`,
    'Mend the question and look at the preview.',
    cause,
  );
}

function toComputed(row: DefinitionRow): ComputedRow {
  if (Number(row.times) > 1) {
    throw wrongSql(`It answers ${row.times} rows for one person.`, 'Group by profile_id.');
  }
  return { profileId: row.profile_id, value: toValue(JSON.parse(row.json), row.type) };
}

/** 64-bit integers come as text, and a property that is written like a number is one: `52`, but not `0052`. */
function toValue(value: unknown, type: string): ComputedValue {
  if (typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(String);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const isNumber = /Int|Float|Decimal/.test(type) || String(Number(text)) === text;
  if (isNumber && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  return text === '' || text === 'null' ? null : text.slice(0, 1_000);
}
