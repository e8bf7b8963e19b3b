import { columnOf, type ImportPlan, keptColumns } from '../import-plan.ts';
import type { CleanSql } from './clean-sql.ts';
import { orderFacts, own } from './orders-sql.ts';
import { list } from './sql-text.ts';

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
/** Ids only: prices and quantities stand in the order's lines, and nested objects are dear to store. */
const itemsMax = 50;

/** Lines of one order, one identity and one kind → one `order_completed` or `order_refunded`. The key comes from the order's id. */
export function orderEventsSelect(
  plan: ImportPlan,
  lines: string,
  exponent: number,
  repairsOf: CleanSql['repairsOf'],
): string {
  const kept = keptColumns(plan).map(({ name }) => name);
  const extra = orderFacts(plan).some(([name]) => name === 'extra_properties');
  // Nothing for what is empty: each property costs the same whether it says something or not.
  const optional = (['country', 'status', 'coupon', 'discount'] as const)
    .filter((field) => columnOf(plan, field) !== undefined)
    .map((field) => `, if(any(${field}) = '', '', concat(',"${field}":', toJSONString(toString(any(${field})))))`);
  const fixed = `concat('{"order_id":', toJSONString(order_id), ',"amount_minor":', toString(sum(amount_minor)),
    ',"revenue":', toString(round(sum(amount_minor) / ${10 ** exponent}, ${exponent})), ',"currency":', toJSONString(toString(any(currency))),
    ',"lines":', toString(count()), ',"quantity":', toString(sum(quantity)),
    ',"item_ids":', toJSONString(groupArray(${itemsMax})(item_id))${optional.join('')}, '}')`;
  const collisions = kept.filter((name) => ownProperties.has(name));
  const more =
    collisions.length === 0
      ? 'any(extra_properties)'
      : `toJSONString(mapFilter((k, v) -> k NOT IN (${list(collisions)}), JSONExtract(any(extra_properties), 'Map(String, String)')))`;
  const properties = extra
    ? `concat(substring(fixed, 1, length(fixed) - 1), if(length(more) > 2, concat(',', substring(more, 2)), '}'))`
    : 'fixed';
  return `SELECT ${own(plan)}, message_key, identity_id, 'track' AS type, name, occurred_at,
    CAST(${properties}, 'JSON(max_dynamic_paths = 128)') AS properties, CAST('{}', 'JSON(max_dynamic_paths = 64)') AS context, ${repairsOf('mended')} AS repairs
  FROM (
    SELECT reinterpretAsUUID(sipHash128Keyed(({hashKey0:UInt64}, {hashKey1:UInt64}), 'order', order_id, identity_id, kind)) AS message_key,
      identity_id, if(kind = 'refund', 'order_refunded', 'order_completed') AS name, min(occurred_at) AS occurred_at,
      ${fixed} AS fixed,
      ${extra ? more : `''`} AS more,
      groupBitOr(mended) AS mended
    FROM ${lines} GROUP BY order_id, identity_id, kind)`;
}
