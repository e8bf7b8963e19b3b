import { columnOf, type ImportPlan } from '../import-plan.ts';
import { type CleanSql, cleanSql, commonRefusals, instantRefusals } from './clean-sql.ts';
import { identitySql } from './identity-sql.ts';
import { harmlessColumns, isNumberOfThing, maskedObjectSql, withFreeText } from './mask-sql.ts';
import { currencyColumns, own } from './orders-sql.ts';
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
  const properties = propertiesSql(plan);
  const has = (field: string) => columnOf(plan, field) !== undefined;
  const text = (field: string) => textSql(columnOf(plan, field));
  const plainNames = [...Object.keys(spellings), ...standardNames.map((name) => name.replaceAll('_', ''))];
  const named = [...Object.values(spellings), ...standardNames];
  return cleanSql(withFreeText(sourceSql(plan.file, limit), properties.free), {
    columns: [
      ...identity.columns,
      `${identity.identityId} AS identity_id`,
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
      `${properties.text} AS properties_text`,
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
function propertiesSql(plan: ImportPlan) {
  const own: string[] = [];
  const free: { name: string; sql: string }[] = [];
  const used = new Set<string>(['price', 'quantity', 'currency']);
  for (const [field, name] of Object.entries(propertyNames)) {
    const column = columnOf(plan, field);
    if (column === undefined || used.has(name)) continue;
    used.add(name);
    free.push({ name, sql: keyValue(name, textSql(column), (value) => `toJSONString(${value})`) });
  }
  if (columnOf(plan, 'price') !== undefined)
    own.push(`if(price_read IS NULL, '', concat(',"price":', toString(price_read), ',"currency":"', currency, '"'))`);
  if (columnOf(plan, 'quantity') !== undefined)
    own.push(`if(quantity_read IS NULL, '', concat(',"quantity":', toString(quantity_read)))`);
  for (const { name, number } of harmlessColumns(plan)) {
    if (used.has(name)) continue;
    used.add(name);
    const digits = isNumberOfThing(name) ? 14 : 8;
    free.push({
      name,
      sql: keyValue(name, textSql(number), (value) => valueJson(value, digits, plan.file.format === 'ndjson')),
    });
  }
  return { free, text: maskedObjectSql(own) };
}

function keyValue(name: string, text: string, json: (value: string) => string): string {
  return `if(${text} = '', '', concat(${literal(`,${JSON.stringify(name)}:`)}, ${json(text)}))`;
}

/** Numbers as numbers, as long as no phone number has as many digits. */
function valueJson(text: string, digits: number, isJson: boolean): string {
  const number = `match(${text}, '^-?(0|[1-9][0-9]{0,${digits}})(\\\\.[0-9]{1,10})?$')`;
  const nested = isJson ? `match(${text}, '^[\\\\[{]') AND isValidJSON(${text}), ${text}, ` : '';
  return `multiIf(${number} OR ${text} IN ('true', 'false'), ${text}, ${nested}toJSONString(${text}))`;
}

/** Columns of every row of the file as an event, refused ones too: `wrong` says so. Properties are text still; see `keptEventsSelect`. */
export function eventRowsSelect(clean: CleanSql, columns: readonly string[]): string {
  return `SELECT ${columns.join(', ')}
  FROM (SELECT *, assumeNotNull(occurred) AS occurred_at, message_id != '' AS keyed,
      reinterpretAsUUID(sipHash128Keyed(({hashKey0:UInt64}, {hashKey1:UInt64}),
        if(keyed, concat('message\\0', message_id), concat('event\\0', name, '\\0', properties_text)),
        if(keyed, toUInt64(0), cityHash64(identity_id, occurred_at)))) AS message_key
    FROM ${clean.from})
  SETTINGS ${clean.settings}`;
}

/** Columns of events as they pass through. */
export const eventColumns: readonly (readonly [name: string, type: string])[] = [
  ['row', 'UInt64'],
  ['wrong', 'UInt8'],
  ['detail', 'String'],
  ['mended', 'UInt32'],
  ['message_key', 'UUID'],
  ['identity_id', 'UInt64'],
  ['name', 'LowCardinality(String)'],
  ['occurred_at', `DateTime64(3, 'UTC')`],
  ['properties_text', 'String'],
  ['keyed', 'UInt8'],
];

/**
 * Kept rows of what passes through → staged events. Making a JSON column out of text is the dearest step, and rows of one block
 * share most of their properties: each distinct text is read once and joined back.
 */
export function keptEventsSelect(plan: ImportPlan, passing: string, repairsOf: CleanSql['repairsOf']): string {
  return `SELECT ${own(plan)}, message_key, identity_id, 'track' AS type, name, occurred_at, made.properties AS properties,
    CAST('{}', 'JSON(max_dynamic_paths = 64)') AS context, ${repairsOf('mended')} AS repairs, row, keyed
  FROM (SELECT * FROM ${passing} WHERE wrong = 0) AS kept
  ANY LEFT JOIN (SELECT properties_text, CAST(properties_text, 'JSON(max_dynamic_paths = 128)') AS properties
    FROM (SELECT DISTINCT properties_text FROM ${passing} WHERE wrong = 0)) AS made ON kept.properties_text = made.properties_text`;
}
