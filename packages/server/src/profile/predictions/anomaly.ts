import type { FeatureTable, Points } from '@zhiyin/learn';
import type { AnomalyScaling } from './prediction.ts';

/** Behaviour that cheating changes: how much at once, how many devices, how much sent back. */
export const anomalyFeatures: readonly string[] = [
  'seen_7d',
  'night_share',
  'identifiers',
  'carts_7d',
  'checkouts_30d',
  'payments_1d',
  'payments_7d',
  'orders_30d',
  'orders_day_max',
  'order_value_max',
  'spent_90d',
  'pieces_per_order',
  'refund_share',
  'refunded_orders',
  'coupon_share',
  'low_ratings',
];

/** Counts and money lie over many sizes: their logarithm is looked at. */
const isLog = (name: string): boolean => !name.endsWith('_share');

/** A plain rule: which feature, from where on, and the least number of orders for a share to mean something. */
export const anomalyRules: readonly {
  readonly code: string;
  readonly feature: string;
  readonly from: number;
  readonly orders?: number;
}[] = [
  { code: 'many_payments', feature: 'payments_1d', from: 5 },
  { code: 'many_orders_a_day', feature: 'orders_day_max', from: 5 },
  { code: 'many_devices', feature: 'identifiers', from: 8 },
  { code: 'mostly_refunded', feature: 'refund_share', from: 0.5, orders: 3 },
];

/** Rules that each person breaks, by code. */
export function judgeByRules(table: FeatureTable): string[][] {
  const numbers = new Map(
    table.columns.flatMap((column) => (column.kind === 'number' ? [[column.name, column.values] as const] : [])),
  );
  const orders = numbers.get('orders');
  return Array.from({ length: table.rows }, (_, row) =>
    anomalyRules
      .filter(
        ({ feature, from, orders: least = 0 }) =>
          (numbers.get(feature)?.[row] ?? 0) >= from && (orders?.[row] ?? 0) >= least,
      )
      .map(({ code }) => code),
  );
}

export function fitAnomalyScaling(table: FeatureTable): Pick<AnomalyScaling, 'features' | 'medians' | 'usual'> {
  const columns = table.columns.flatMap((column) =>
    column.kind === 'number' && anomalyFeatures.includes(column.name) && new Set(column.values).size > 1
      ? [column]
      : [],
  );
  const at = (values: Float64Array, share: number) => {
    const known = values.filter((value) => !Number.isNaN(value)).sort();
    return known[Math.min(known.length - 1, Math.floor(share * known.length))] ?? 0;
  };
  return {
    features: columns.map(({ name }) => name),
    medians: Float64Array.from(columns, ({ values }) => at(values, 0.5)),
    usual: Float64Array.from(columns, ({ values }) => at(values, 0.99)),
  };
}

export function toPoints(
  { features, medians }: Pick<AnomalyScaling, 'features' | 'medians'>,
  table: FeatureTable,
): Points {
  const dimensions = features.length;
  const values = new Float64Array(table.rows * dimensions);
  features.forEach((name, column) => {
    const found = table.columns.find((one) => one.name === name);
    for (let row = 0; row < table.rows; row += 1) {
      const own = found?.kind === 'number' ? found.values[row]! : Number.NaN;
      const known = Number.isNaN(own) ? medians[column]! : own;
      values[row * dimensions + column] = isLog(name) ? Math.sign(known) * Math.log1p(Math.abs(known)) : known;
    }
  });
  return { values, rows: table.rows, dimensions };
}
