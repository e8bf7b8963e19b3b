import { columnOf, type ImportPlan, keptColumns } from '../import-plan.ts';
import type { CleanSql } from './clean-sql.ts';
import { itemsMax, orderFacts, own } from './orders-sql.ts';
import { list, literal } from './sql-text.ts';

/** Properties that the order event has of its own: a kept column of the same name would make the object ambiguous. */
const ownProperties = new Set([
  'order_id',
  'amount_minor',
  'revenue',
  'currency',
  'lines',
  'country',
  'status',
  'coupon',
  'discount',
  'products',
  'quantity',
  'item_ids',
]);

/** Parts of one order, one identity and one kind → one `order_completed` or `order_refunded`. The key comes from the order's id. */
export function orderEventsSelect(
  plan: ImportPlan,
  orders: string,
  exponent: number,
  repairsOf: CleanSql['repairsOf'],
): string {
  const kept = keptColumns(plan).map(({ name }) => name);
  const extra = orderFacts(plan).some(([name]) => name === 'extra_properties');
  // Nothing for what is empty: each property costs the same whether it says something or not.
  const optional = (['country', 'status', 'coupon', 'discount'] as const)
    .filter((field) => columnOf(plan, field) !== undefined)
    .map(
      (field) => `, if(any(own_${field}) = '', '', concat(',"${field}":', toJSONString(toString(any(own_${field})))))`,
    );
  const currency =
    columnOf(plan, 'currency') === undefined ? literal(plan.options.currency) : 'toString(any(own_currency))';
  const fixed = `concat('{"order_id":', toJSONString(order_id), ',"amount_minor":', toString(sum(amount)),
    ',"revenue":', toString(round(sum(amount) / ${10 ** exponent}, ${exponent})), ',"currency":', toJSONString(${currency}),
    ',"lines":', toString(sum(lines)), ',"quantity":', toString(sum(pieces)),
    ',"item_ids":', toJSONString(groupArrayArray(${itemsMax})(item_ids))${optional.join('')}, '}')`;
  const collisions = kept.filter((name) => ownProperties.has(name));
  const more =
    collisions.length === 0
      ? 'any(own_extra_properties)'
      : `toJSONString(mapFilter((k, v) -> k NOT IN (${list(collisions)}), JSONExtract(any(own_extra_properties), 'Map(String, String)')))`;
  const properties = extra
    ? `concat(substring(fixed, 1, length(fixed) - 1), if(length(more) > 2, concat(',', substring(more, 2)), '}'))`
    : 'fixed';
  return `SELECT ${own(plan)}, message_key, identity_id, 'track' AS type, name, occurred_at,
    CAST(${properties}, 'JSON(max_dynamic_paths = 128)') AS properties, CAST('{}', 'JSON(max_dynamic_paths = 64)') AS context, ${repairsOf('mended')} AS repairs
  FROM (
    SELECT reinterpretAsUUID(sipHash128Keyed(({hashKey0:UInt64}, {hashKey1:UInt64}), 'order', order_id, identity_id, CAST(1 + is_refund, 'Enum8(''sale'' = 1, ''refund'' = 2)'))) AS message_key,
      identity_id, if(is_refund, 'order_refunded', 'order_completed') AS name, min(first_at) AS occurred_at,
      ${fixed} AS fixed,
      ${extra ? more : `''`} AS more,
      groupBitOr(mends) AS mended
    FROM ${orders} GROUP BY order_id, identity_id, is_refund)`;
}
