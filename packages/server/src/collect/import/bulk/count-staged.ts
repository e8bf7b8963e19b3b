import type { BulkEngine } from './bulk-engine.ts';
import type { Staging } from './staging.ts';

export type StagedCounts = {
  readonly kept: number;
  readonly repaired: number;
  readonly repairs: Record<string, number>;
  /** Figures of the report, by name. */
  readonly made: Record<string, number>;
};

/** What stands in staging right now. `repairs` is SQL: the repairs of a row. */
export async function countStaged(
  engine: BulkEngine,
  staging: Staging,
  target: 'order_lines' | 'events',
  repairs: string,
): Promise<StagedCounts> {
  const made =
    target === 'order_lines'
      ? `count() AS lines, sumIf(amount_minor, kind = 'sale') AS revenue_minor, sumIf(amount_minor, kind = 'refund') AS refunds_minor`
      : 'count() AS events';
  const isMended = target === 'order_lines' ? 'mended != 0' : 'notEmpty(repairs)';
  const [row] = await engine.rows<Record<string, string>>(
    `SELECT count() AS kept, countIf(${isMended}) AS repaired, uniqExact(identity_id) AS people, ${made} FROM ${staging.rows}`,
  );
  const { kept, repaired, ...figures } = row ?? {};
  const counted =
    Number(repaired) === 0
      ? []
      : await engine.rows<{ repair: string; n: string }>(
          `SELECT arrayJoin(${repairs}) AS repair, count() AS n FROM ${staging.rows} WHERE ${isMended} GROUP BY repair`,
        );
  return {
    kept: Number(kept),
    repaired: Number(repaired),
    repairs: Object.fromEntries(counted.map(({ repair, n }) => [repair, Number(n)])),
    made: Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Number(value)])),
  };
}
