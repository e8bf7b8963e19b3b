import { explainSaid, type ImportPreview, said, saidNote } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { isUnreadable, openBulkEngine } from './bulk/bulk-engine.ts';
import { cleanSql, commonRefusals } from './bulk/clean-sql.ts';
import { eventsCleanSql } from './bulk/events-sql.ts';
import { ordersCleanSql } from './bulk/orders-sql.ts';
import { sourceSql } from './bulk/source-sql.ts';
import type { ImportDeps } from './import-deps.ts';
import { importFile } from './import-files.ts';
import type { ImportPlan } from './import-plan.ts';
import { getImportRow } from './import-rows.ts';
import { makePlan } from './make-plan.ts';
import { isOrder, ordersInEvents } from './orders-in-events.ts';
import { noRefusal, previewRow } from './rows/preview-row.ts';
import { readFields } from './rows/read-fields.ts';
import { problem, validateMapping } from './validate-mapping.ts';

const previewRows = 20;
const timeoutMs = 30_000;

/** A row as the statements give it. */
export type Cleaned = Record<string, unknown> & {
  row: string;
  raw: string;
  reason: string;
  field: string;
  detail: string;
  repairs: string[];
};

/** The first rows as they will become, read and cleaned by the statements of the import itself. */
export async function previewImport(
  stores: Stores,
  deps: ImportDeps,
  workspace: Workspace,
  importId: number,
): Promise<ImportPreview> {
  const row = await getImportRow(stores.control, workspace.id, importId);
  if (!row.detected || row.state === 'uploading')
    throw new AppError('conflict', `Import ${importId} has no file yet.`, { details: { fix: 'Send its file first.' } });
  if (row.state !== 'ready')
    throw new AppError('conflict', `Import ${importId} is ${row.state}: its preview is over.`, {
      details: { fix: 'Look at its report.' },
    });
  const problems = validateMapping(
    row.kind,
    row.detected.columns.map((column) => column.name),
    row.mapping,
    row.options,
  );
  if (!row.kind) return { rows: [], problems };
  const plan = await makePlan({ ...deps }, workspace, row, deps.now?.() ?? new Date());
  const engine = await openBulkEngine(
    stores,
    { ...plan, file: { ...plan.file, path: plan.file.path || importFile(deps.importDir, importId) } },
    AbortSignal.timeout(timeoutMs),
  );
  try {
    const cleaned = await engine.rows<Cleaned>(previewSelect(plan));
    const rows = cleaned.map((one) => formatRow(plan, one));
    const notes =
      plan.kind === 'events' && rows.some(({ becomes }) => isOrder(becomes)) ? [saidNote(ordersInEvents)] : [];
    return { problems, rows, notes };
  } catch (cause) {
    if (!isUnreadable(cause)) throw cause;
    return {
      rows: [],
      problems: [...problems, problem('file', said('first_rows_unreadable'))],
    };
  }
}

/** The first rows of a plan's file, read and cleaned. */
export function previewSelect(plan: ImportPlan, rows = previewRows): string {
  const common = 'row, raw, reason, field, detail, repairs';
  if (plan.kind === 'orders') {
    const clean = ordersCleanSql(plan, rows);
    return `SELECT ${common}, order_id, toString(identity_id) AS identity, if(is_refund, 'refund', 'sale') AS kind, item_id, item_name, category, toString(quantity_read) AS quantity, toString(price_read) AS price,
      toString(toInt64(if(is_refund, -abs(amount_exact), amount_exact))) AS amount_minor, currency, toString(occurred) AS occurred_at, country FROM ${clean.from} ORDER BY row SETTINGS ${clean.settings}`;
  }
  if (plan.kind === 'events') {
    const clean = eventsCleanSql(plan, rows);
    return `SELECT ${common}, name, toString(identity_id) AS identity, toString(occurred) AS occurred_at, properties_text FROM ${clean.from} ORDER BY row SETTINGS ${clean.settings}`;
  }
  const clean = cleanSql(sourceSql(plan.file, rows), {
    columns: [`'' AS kind`],
    refusals: commonRefusals(plan, null),
    repairs: [],
  });
  return `SELECT ${common} FROM ${clean.from} ORDER BY row SETTINGS ${clean.settings}`;
}

export function formatRow(plan: ImportPlan, cleaned: Cleaned): ImportPreview['rows'][number] {
  const { row, raw, reason, field, detail, repairs, ...becomes } = cleaned;
  const shown = { rowNumber: Number(row), raw: readRaw(raw) };
  if (reason !== '')
    return {
      ...shown,
      outcome: 'quarantined',
      reason,
      field,
      detail: `${field} ${detail}`.trim(),
      explanation: explainSaid(detail),
      repairs: [],
      becomes: null,
    };
  if (plan.kind === 'orders')
    return {
      ...shown,
      outcome: 'valid',
      ...noRefusal,
      repairs,
      becomes: dropEmpty({ ...becomes, amount_minor: Number(becomes.amount_minor) }),
    };
  if (plan.kind === 'events') {
    const { properties_text: properties, ...rest } = becomes;
    return {
      ...shown,
      outcome: 'valid',
      ...noRefusal,
      repairs,
      becomes: { ...rest, properties: JSON.parse(String(properties)) as unknown },
    };
  }
  return { ...shown, ...previewRow(plan, readFields(plan, Number(row), raw)) };
}

function readRaw(raw: string): Record<string, string | null> {
  try {
    const value: unknown = JSON.parse(raw);
    if (value && typeof value === 'object' && !Array.isArray(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([name, cell]) => [
          name,
          cell === null ? null : typeof cell === 'object' ? JSON.stringify(cell) : String(cell),
        ]),
      );
    }
  } catch {
    // Shown as the one line it is.
  }
  return { _line: raw };
}

const dropEmpty = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
