import type { ImportPlan } from '../import-plan.ts';
import { keptColumns } from '../import-plan.ts';

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
]);
/** Their ids only: prices and quantities stand in the order's lines, and nested objects are dear to store. */
const productsMax = 50;

/** Lines of one order, one identity and one kind → one `order_completed` or `order_refunded`. The key comes from the order's id. */
export function orderEventsSelect(plan: ImportPlan, lines: string, exponent: number): string {
  const extra = keptColumns(plan).some(({ name }) => !ownProperties.has(name));
  const fixed = `toJSONString(CAST((order_id, sum(amount_minor), round(sum(amount_minor) / ${10 ** exponent}, ${exponent}), any(currency), count(), any(country), any(status), any(coupon), any(discount), groupArray(${productsMax})(tuple(item_id))),
    'Tuple(order_id String, amount_minor Int64, revenue Float64, currency String, lines UInt64, country String, status String, coupon String, discount String, products Array(Tuple(product_id String)))'))`;
  const collisions = [...ownProperties].map((name) => `'${name}'`).join(', ');
  const properties = extra
    ? `concat(substring(fixed, 1, length(fixed) - 1), if(length(more) > 2, concat(',', substring(more, 2)), '}'))`
    : 'fixed';
  return `SELECT {workspaceId:UInt32} AS workspace_id, ${plan.sourceId} AS source_id, message_key, identity_id, 'track' AS type, name, occurred_at, received_at,
    CAST(${properties}, 'JSON(max_dynamic_paths = 128)') AS properties, CAST('{}', 'JSON(max_dynamic_paths = 64)') AS context, repairs, import_id
  FROM (
    SELECT reinterpretAsUUID(sipHash128Keyed(({hashKey0:UInt64}, {hashKey1:UInt64}), 'order', order_id, identity_id, kind)) AS message_key,
      identity_id, if(kind = 'refund', 'order_refunded', 'order_completed') AS name, min(occurred_at) AS occurred_at, any(received_at) AS received_at,
      ${fixed} AS fixed,
      ${extra ? `toJSONString(mapFilter((k, v) -> k NOT IN (${collisions}), JSONExtract(any(extra_properties), 'Map(String, String)')))` : `''`} AS more,
      arrayDistinct(arrayFlatten(groupUniqArray(repairs))) AS repairs, any(import_id) AS import_id
    FROM ${lines} GROUP BY order_id, identity_id, kind)`;
}
