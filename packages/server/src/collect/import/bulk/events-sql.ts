import { columnOf, type ImportPlan, keptColumns } from '../import-plan.ts';
import { isPersonalHeader } from '../is-personal-header.ts';
import { type CleanSql, cleanSql, commonRefusals, instantRefusals } from './clean-sql.ts';
import { identitySql } from './identity-sql.ts';
import { maskColumnSql, maskEmailsSql } from './mask-sql.ts';
import { currencyColumns } from './orders-sql.ts';
import { sourceSql } from './source-sql.ts';
import { list, literal } from './sql-text.ts';
import { decimalSql, instantSql, isMendedNumberSql, textSql } from './value-sql.ts';

/** How files name what happened, beside the standard names themselves. Without case, spaces and punctuation. */
const spellings: Readonly<Record<string, string>> = {
  view: 'product_viewed',
  pv: 'product_viewed',
  productview: 'product_viewed',
  viewproduct: 'product_viewed',
  viewedproduct: 'product_viewed',
  viewitem: 'product_viewed',
  浏览: 'product_viewed',
  cart: 'product_added',
  addtocart: 'product_added',
  atc: 'product_added',
  加购: 'product_added',
  addedproduct: 'product_added',
  removefromcart: 'product_removed',
  removedproduct: 'product_removed',
  fav: 'product_added_to_wishlist',
  favorite: 'product_added_to_wishlist',
  wishlist: 'product_added_to_wishlist',
  收藏: 'product_added_to_wishlist',
  click: 'product_clicked',
  点击: 'product_clicked',
  search: 'products_searched',
  搜索: 'products_searched',
  checkout: 'checkout_started',
  begincheckout: 'checkout_started',
  completedorder: 'order_completed',
  refundedorder: 'order_refunded',
};
const standardNames = [
  'products_searched',
  'product_list_viewed',
  'promotion_viewed',
  'promotion_clicked',
  'product_clicked',
  'product_viewed',
  'product_added',
  'product_removed',
  'cart_viewed',
  'checkout_started',
  'checkout_step_viewed',
  'checkout_step_completed',
  'payment_info_entered',
  'order_updated',
  'order_completed',
  'order_refunded',
  'order_cancelled',
  'coupon_entered',
  'coupon_applied',
  'product_added_to_wishlist',
  'product_shared',
  'product_reviewed',
];

/** Mapped fields → the names they have among the properties of the standard events. */
const propertyNames: Readonly<Record<string, string>> = {
  item_id: 'product_id',
  order_id: 'order_id',
  url: 'url',
  referrer: 'referrer',
};

/** One row of an event file → one event. */
export function eventsCleanSql(plan: ImportPlan, limit?: number): CleanSql {
  const identity = identitySql(plan);
  const has = (field: string) => columnOf(plan, field) !== undefined;
  const text = (field: string) => textSql(columnOf(plan, field));
  const plainNames = [...Object.keys(spellings), ...standardNames.map((name) => name.replaceAll('_', ''))];
  const named = [...Object.values(spellings), ...standardNames];
  return cleanSql(sourceSql(plan.file, limit), {
    columns: [
      ...identity.columns,
      `${identity.identityId} AS identity_id`,
      `${identity.others} AS others`,
      `toLowCardinality(${has('event') ? text('event') : literal(plan.options.eventName ?? '')}) AS event_text`,
      `if(event_text = '', ${literal(plan.options.eventName ?? '')}, event_text) AS event_named`,
      `transform(replaceRegexpAll(lowerUTF8(event_named), '[ _.:-]', ''), [${list(plainNames)}], [${list(named)}], event_named) AS name`,
      `${text('timestamp')} AS timestamp_text`,
      `${instantSql('timestamp_text', plan.options.timeZone, plan.options.dayFirst)} AS occurred`,
      `${text('message_id')} AS message_id`,
      `${text('price')} AS price_text`,
      `${text('quantity')} AS quantity_text`,
      `${has('price') ? decimalSql('price_text') : `CAST(NULL, 'Nullable(Decimal(18, 4))')`} AS price_read`,
      `${has('quantity') ? decimalSql('quantity_text') : `CAST(NULL, 'Nullable(Decimal(18, 4))')`} AS quantity_read`,
      ...currencyColumns(plan),
      `${propertiesSql(plan)} AS properties_text`,
    ],
    refusals: [
      ...commonRefusals(plan, identity),
      { when: `name = ''`, reason: 'missing_event_name', field: 'event', detail: `'is empty'` },
      ...instantRefusals(plan, 'occurred', 'timestamp_text', 'timestamp'),
      ...(has('price')
        ? [
            {
              when: `price_text != '' AND price_read IS NULL`,
              reason: 'bad_amount',
              field: 'price',
              detail: `concat('is no amount: ', substringUTF8(price_text, 1, 40))`,
            },
            {
              when: 'price_read < 0',
              reason: 'negative_price',
              field: 'price',
              detail: `concat('is ', substringUTF8(price_text, 1, 40))`,
            },
          ]
        : []),
      ...(has('quantity')
        ? [
            {
              when: `quantity_text != '' AND quantity_read IS NULL`,
              reason: 'bad_type',
              field: 'quantity',
              detail: `concat('is no number: ', substringUTF8(quantity_text, 1, 40))`,
            },
            {
              when: 'quantity_read < 0',
              reason: 'negative_quantity',
              field: 'quantity',
              detail: `concat('is ', substringUTF8(quantity_text, 1, 40))`,
            },
          ]
        : []),
      ...(has('currency')
        ? [
            {
              when: `currency = ''`,
              reason: 'bad_currency',
              field: 'currency',
              detail: `concat('is no currency: ', substringUTF8(currency_text, 1, 20))`,
            },
          ]
        : []),
      {
        when: 'length(properties_text) > 32768',
        reason: 'too_large',
        field: '',
        detail: `'has more than 32 kB of properties'`,
      },
    ],
    repairs: [
      ...identity.kinds
        .filter((kind) => kind !== 'email' && kind !== 'phone')
        .map((kind) => ({ when: `float_${kind}`, name: `${kind}:float` })),
      ...(['price', 'quantity'] as const).filter(has).map((field) => ({
        when: `${field}_read IS NOT NULL AND ${isMendedNumberSql(`${field}_text`)}`,
        name: `type:${field}`,
      })),
      ...(has('currency') ? [{ when: `currency_text != '' AND currency_text != currency`, name: 'currency' }] : []),
    ],
  });
}

/** The event's properties as JSON text: numbers as numbers, text with personal values masked, nothing for empty cells. */
function propertiesSql(plan: ImportPlan): string {
  const parts: string[] = [];
  const used = new Set<string>(['price', 'quantity', 'currency']);
  const add = (name: string, value: string) => {
    if (used.has(name)) return;
    used.add(name);
    parts.push(value);
  };
  for (const [field, name] of Object.entries(propertyNames)) {
    const column = columnOf(plan, field);
    if (column !== undefined)
      add(
        name,
        keyValue(
          name,
          textSql(column),
          (value) => `toJSONString(${field.endsWith('_id') ? value : maskEmailsSql(value)})`,
        ),
      );
  }
  if (columnOf(plan, 'price') !== undefined)
    parts.push(`if(price_read IS NULL, '', concat(',"price":', toString(price_read), ',"currency":"', currency, '"'))`);
  if (columnOf(plan, 'quantity') !== undefined)
    parts.push(`if(quantity_read IS NULL, '', concat(',"quantity":', toString(quantity_read)))`);
  for (const { name, number } of keptColumns(plan)) {
    if (isPersonalHeader(name)) continue;
    add(
      name,
      keyValue(name, textSql(number), (value) => valueJson(maskColumnSql(name, value), plan.file.format === 'ndjson')),
    );
  }
  if (parts.length === 0) return `'{}'`;
  // Each part begins with its comma; the first one goes.
  return `concat('{', substring(concat('', ${parts.join(', ')}), 2), '}')`;
}

function keyValue(name: string, text: string, json: (value: string) => string): string {
  return `if(${text} = '', '', concat(${literal(`,${JSON.stringify(name)}:`)}, ${json(text)}))`;
}

function valueJson(text: string, isJson: boolean): string {
  const number = `match(${text}, '^-?(0|[1-9][0-9]{0,14})(\\\\.[0-9]{1,10})?$')`;
  const nested = isJson ? `match(${text}, '^[\\\\[{]') AND isValidJSON(${text}), ${text}, ` : '';
  return `multiIf(${number} OR ${text} IN ('true', 'false'), ${text}, ${nested}toJSONString(${text}))`;
}

export const stagedEventColumns =
  'workspace_id, source_id, message_key, identity_id, type, name, occurred_at, received_at, properties, context, repairs, import_id, row, others, keyed';

export function stagedEventsSelect(plan: ImportPlan, clean: CleanSql): string {
  return `SELECT {workspaceId:UInt32}, ${plan.sourceId}, message_key, identity_id, 'track', name, occurred_at, toDateTime64({receivedAt:String}, 3, 'UTC'),
    CAST(properties_text, 'JSON(max_dynamic_paths = 128)'), CAST('{}', 'JSON(max_dynamic_paths = 64)'), repairs, ${plan.importId}, row, others, keyed
  FROM (SELECT *, assumeNotNull(occurred) AS occurred_at, message_id != '' AS keyed,
      reinterpretAsUUID(if(keyed,
        sipHash128Keyed(({hashKey0:UInt64}, {hashKey1:UInt64}), 'message', message_id),
        sipHash128Keyed(({hashKey0:UInt64}, {hashKey1:UInt64}), 'event', identity_id, name, occurred_at, properties_text))) AS message_key
    FROM ${clean.from} WHERE reason = '')
  SETTINGS ${clean.settings}`;
}
