import { columnOf, type ImportPlan } from '../import-plan.ts';
import { type CleanSql, cleanSql, commonRefusals, instantRefusals, type Refusal, type Repair } from './clean-sql.ts';
import { identitySql } from './identity-sql.ts';
import { harmlessColumns, maskedObjectSql, maskSql, withFreeText } from './mask-sql.ts';
import { sourceSql } from './source-sql.ts';
import { list, literal } from './sql-text.ts';
import { decimalSql, instantSql, isMendedNumberSql, textSql } from './value-sql.ts';

/** Words for "this order did not stand" in the status column. */
const refundWords = [
  'cancelled',
  'canceled',
  'cancel',
  'refunded',
  'refund',
  'returned',
  'return',
  'voided',
  'partially_refunded',
  '已退款',
  '退款',
  '退款成功',
  '已取消',
  '取消',
  '退货',
  '已退货',
  '交易关闭',
];

/** One row of an order file → one order line. */
export function ordersCleanSql(plan: ImportPlan, limit?: number): CleanSql {
  const at = (field: string) => columnOf(plan, field);
  const identity = identitySql(plan);
  const text = (field: string) => textSql(at(field));
  const has = (field: string) => at(field) !== undefined;
  const isRefund = `startsWith(order_id, 'C') AND quantity_read < 0${has('status') ? ` OR lowerUTF8(status) IN (${list(refundWords)})` : ''}`;
  const quantityRead = has('quantity') ? decimalSql('quantity_text') : `CAST(1, 'Nullable(Decimal(18, 4))')`;
  const priceRead = has('price')
    ? decimalSql('price_text')
    : has('amount')
      ? "CAST(amount_read / if(quantity_read = 0, toDecimal64(1, 4), quantity_read), 'Nullable(Decimal(18, 4))')"
      : `CAST(0, 'Nullable(Decimal(18, 4))')`;
  // A line's amount is quantity times price when both are known, and what the file says otherwise.
  const exact = has('price')
    ? 'toDecimal128(assumeNotNull(quantity_read), 4) * assumeNotNull(price_read)'
    : has('amount')
      ? 'toDecimal128(assumeNotNull(amount_read), 4)'
      : 'toDecimal128(0, 4)';
  const masked = (field: string) => (has(field) ? maskSql(text(field)) : `''`);
  const extra = harmlessColumns(plan).map(({ name, number }) => ({
    name,
    sql: `if(${textSql(number)} = '', '', concat(${literal(`,${JSON.stringify(name)}:`)}, toJSONString(${textSql(number)})))`,
  }));
  return cleanSql(withFreeText(sourceSql(plan.file, limit), extra), {
    columns: [
      ...identity.columns,
      `${identity.identityId} AS identity_id`,
      `replaceRegexpOne(${text('order_id')}, '^([0-9]+)\\\\.0+$', '\\\\1') AS order_id`,
      `${text('timestamp')} AS timestamp_text`,
      `${instantSql('timestamp_text', plan.options.timeZone, plan.options.dayFirst)} AS occurred`,
      `${text('quantity')} AS quantity_text`,
      `${text('price')} AS price_text`,
      `${text('amount')} AS amount_text`,
      `${has('amount') ? decimalSql('amount_text') : `CAST(NULL, 'Nullable(Decimal(18, 4))')`} AS amount_read`,
      `${quantityRead} AS quantity_read`,
      `${priceRead} AS price_read`,
      `${masked('status')} AS status`,
      `${isRefund} AS is_refund`,
      ...currencyColumns(plan),
      `round(${exact} * exponent) AS amount_exact`,
      `${text('item_id')} AS item_id`,
      `substringUTF8(${masked('item_name')}, 1, 500) AS item_name`,
      `${masked('category')} AS category`,
      `${masked('country')} AS country`,
      `${masked('coupon')} AS coupon`,
      `${masked('discount')} AS discount`,
      `${extra.length === 0 ? `''` : maskedObjectSql([])} AS extra_properties`,
    ],
    refusals: [
      ...commonRefusals(plan, identity),
      { when: `order_id = ''`, reason: 'missing_property', field: 'order_id', detail: `'is empty'` },
      ...instantRefusals(plan, 'occurred', 'timestamp_text', 'timestamp'),
      ...amountRefusals(has),
    ],
    repairs: orderRepairs(identity.kinds, has, text('order_id')),
  });
}

function amountRefusals(has: (field: string) => boolean): Refusal[] {
  const shown = (text: string) => `substringUTF8(${text}, 1, 40)`;
  return [
    ...(has('quantity')
      ? [
          {
            when: 'quantity_read IS NULL OR abs(quantity_read) > 1000000000',
            reason: 'bad_type',
            field: 'quantity',
            detail: `concat('is no number: ', ${shown('quantity_text')})`,
          },
          {
            when: 'quantity_read < 0 AND NOT is_refund',
            reason: 'negative_quantity',
            field: 'quantity',
            detail: `concat('is ', ${shown('quantity_text')}, ' in an order that is not cancelled')`,
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
    ...(has('price')
      ? [
          {
            when: 'price_read IS NULL OR abs(price_read) > 1000000000000',
            reason: 'bad_amount',
            field: 'price',
            detail: `concat('is no amount: ', ${shown('price_text')})`,
          },
          {
            when: 'price_read < 0',
            reason: 'negative_price',
            field: 'price',
            detail: `concat('is ', ${shown('price_text')})`,
          },
        ]
      : has('amount')
        ? [
            {
              when: 'amount_read IS NULL OR abs(amount_read) > 1000000000000',
              reason: 'bad_amount',
              field: 'amount',
              detail: `concat('is no amount: ', ${shown('amount_text')})`,
            },
            {
              when: 'amount_read < 0 AND NOT is_refund',
              reason: 'negative_price',
              field: 'amount',
              detail: `concat('is ', ${shown('amount_text')}, ' in an order that is not cancelled')`,
            },
          ]
        : []),
    {
      when: 'abs(amount_exact) > 9000000000000000',
      reason: 'bad_amount',
      field: has('price') ? 'price' : 'amount',
      detail: `'is larger than can be counted'`,
    },
  ];
}

function orderRepairs(kinds: readonly string[], has: (field: string) => boolean, orderId: string): Repair[] {
  return [
    ...kinds
      .filter((kind) => kind !== 'email' && kind !== 'phone')
      .map((kind) => ({ when: `float_${kind}`, name: `${kind}:float` })),
    { when: `order_id != ${orderId}`, name: 'order_id:float' },
    ...(['quantity', 'price', 'amount'] as const).filter(has).map((field) => ({
      when: `${isMendedNumberSql(`${field}_text`)} AND ${field}_read IS NOT NULL`,
      name: `type:${field}`,
    })),
    ...(has('currency') ? [{ when: `currency_text != '' AND currency_text != currency`, name: 'currency' }] : []),
  ];
}

/** `currency` ('' when it is none) and `exponent` (10 to the digits of its minor unit). */
export function currencyColumns(plan: ImportPlan): string[] {
  const column = columnOf(plan, 'currency');
  const own = plan.options.currency;
  const power = (code: string) => 10 ** (plan.rules.currencyExponents.get(code) ?? 2);
  if (column === undefined)
    return [`'' AS currency_text`, `${literal(own)} AS currency`, `toDecimal128(${power(own)}, 0) AS exponent`];
  const codes = [...plan.rules.currencyExponents.keys()];
  const spellings = currencySpellings.flatMap((text): [string, string][] => {
    const code = plan.rules.findCurrency(text, own);
    return code ? [[text, code]] : [];
  });
  return [
    `${textSql(column)} AS currency_text`,
    `multiIf(currency_text = '', ${literal(own)}, transform(upperUTF8(currency_text), [${list([...codes, ...spellings.map(([text]) => text)])}], [${list([...codes, ...spellings.map(([, code]) => code)])}], '')) AS currency`,
    `toDecimal128(transform(currency, [${list(codes)}], [${codes.map(power).join(', ')}], 100), 0) AS exponent`,
  ];
}

const currencySpellings = [
  'RMB',
  'CNH',
  '元',
  '人民币',
  '¥',
  '￥',
  '$',
  'US$',
  '美元',
  '€',
  '欧元',
  '£',
  '英镑',
  '日元',
  '円',
  'HK$',
  '港币',
  '港元',
  'NT$',
  '₩',
  '₹',
  '฿',
];

/**
 * Columns of every row of the file as an order line, refused ones too (`wrong` says so; their values mean nothing). Equal lines of
 * an order get equal keys here; see `settleRepeats`.
 */
export function linesSelect(plan: ImportPlan, clean: CleanSql, columns: readonly string[]): string {
  const kept = (value: string, otherwise: string) => `if(wrong = 0, ${value}, ${otherwise})`;
  return `SELECT ${columns.join(', ')}
  FROM (SELECT *,
      ${kept(`CAST(ifNull(if(is_refund, -abs(quantity_read), quantity_read), 0), 'Decimal(18, 3)')`, `CAST(0, 'Decimal(18, 3)')`)} AS quantity,
      CAST(ifNull(price_read, 0), 'Decimal(18, 4)') AS unit_price,
      ${kept('toInt64(ifNull(if(is_refund, -abs(amount_exact), amount_exact), 0))', 'toInt64(0)')} AS amount_minor,
      assumeNotNull(occurred) AS occurred_at,
      reinterpretAsUUID(sipHash128Keyed(({hashKey0:UInt64}, {hashKey1:UInt64}),
        concat('line\\0', order_id, '\\0', item_id, '\\0', item_name, '\\0', ${textOrWord(plan, 'category', '')}, '\\0', ${textOrWord(plan, 'currency', plan.options.currency)}),
        cityHash64(identity_id, is_refund, quantity, unit_price, amount_minor, occurred_at))) AS line_key
    FROM ${clean.from})
  SETTINGS ${clean.settings}`;
}

/** A column, or the word that stands for it where the file has none: words are put together once, columns row by row. */
const textOrWord = (plan: ImportPlan, field: string, word: string) =>
  columnOf(plan, field) === undefined ? literal(word) : field;

/** What only some files say about their orders, as far as this one does: each column costs, whether it says something or not. */
export function orderFacts(plan: ImportPlan): readonly (readonly [name: string, type: string])[] {
  const facts = (['status', 'country', 'coupon'] as const).map((name) => [name, 'LowCardinality(String)'] as const);
  return [
    ...[...facts, ['discount', 'String'] as const].filter(([name]) => columnOf(plan, name) !== undefined),
    ...(harmlessColumns(plan).length > 0 ? [['extra_properties', 'String'] as const] : []),
  ];
}

/** Columns of order lines as they pass through. */
export function lineColumns(plan: ImportPlan): readonly (readonly [name: string, type: string])[] {
  return [
    ['row', 'UInt64'],
    ['wrong', 'UInt8'],
    ['detail', 'String'],
    ['mended', 'UInt32'],
    ['line_key', 'UUID'],
    ['identity_id', 'UInt64'],
    ['order_id', 'String'],
    ['is_refund', 'UInt8'],
    ['item_id', 'String'],
    ['item_name', 'String'],
    ...(columnOf(plan, 'category') === undefined ? [] : [['category', 'LowCardinality(String)'] as const]),
    ['quantity', 'Decimal(18, 3)'],
    ['unit_price', 'Decimal(18, 4)'],
    ['amount_minor', 'Int64'],
    ...(columnOf(plan, 'currency') === undefined ? [] : [['currency', 'LowCardinality(String)'] as const]),
    ['occurred_at', `DateTime64(3, 'UTC')`],
    ...orderFacts(plan),
  ];
}

const kindSql = `CAST(1 + is_refund, 'Enum8(''sale'' = 1, ''refund'' = 2)') AS kind`;

const currencySql = (plan: ImportPlan) =>
  columnOf(plan, 'currency') === undefined
    ? `toLowCardinality(${literal(plan.options.currency)}) AS currency`
    : 'currency';

/** Kept rows of what passes through → staged lines. */
export function keptLinesSelect(plan: ImportPlan, passing: string): string {
  const category = columnOf(plan, 'category') === undefined ? '' : ' category,';
  return `SELECT ${own(plan)}, line_key, identity_id, order_id, ${kindSql}, item_id, item_name,${category} quantity, unit_price, amount_minor,
    ${currencySql(plan)}, occurred_at, row, mended
  FROM ${passing} WHERE wrong = 0`;
}

/**
 * The same lines put together by order, as far as they stand in one block: what the events of orders are made of. Where equal
 * rows count once, each line stays alone, with its row, until it is known which go.
 */
export function ordersSelect(plan: ImportPlan, passing: string): string {
  const isApart = plan.options.repeatedRows === 'one';
  const [sum, min, any, either] = isApart
    ? [bare, bare, bare, bare]
    : [calls('sum'), calls('min'), calls('any'), calls('groupBitOr')];
  const columns = [
    ...(isApart ? ['row'] : []),
    'order_id',
    'identity_id',
    'is_refund',
    `${min('occurred_at')} AS first_at`,
    `${sum('amount_minor')} AS amount`,
    `${sum('quantity')} AS pieces`,
    isApart ? 'toUInt64(1) AS lines' : 'count() AS lines',
    `${isApart ? '[item_id]' : `groupArray(${itemsMax})(item_id)`} AS item_ids`,
    ...(columnOf(plan, 'currency') === undefined ? [] : [`${any('currency')} AS own_currency`]),
    `${either('mended')} AS mends`,
    ...orderFacts(plan).map(([name]) => `${any(name)} AS own_${name}`),
  ];
  return `SELECT ${columns.join(', ')} FROM ${passing} WHERE wrong = 0${isApart ? '' : ' GROUP BY order_id, identity_id, is_refund'}`;
}

const bare = (column: string) => column;
const calls = (name: string) => (column: string) => `${name}(${column})`;

/** Of an event's items. Ids only: prices and quantities stand in the order's lines, and nested objects are dear to store. */
export const itemsMax = 50;

/** Columns of `ordersSelect`, as they are stored. */
export function orderColumns(plan: ImportPlan): readonly (readonly [name: string, type: string])[] {
  return [
    ...(plan.options.repeatedRows === 'one' ? [['row', 'UInt64'] as const] : []),
    ['order_id', 'String'],
    ['identity_id', 'UInt64'],
    ['is_refund', 'UInt8'],
    ['first_at', `DateTime64(3, 'UTC')`],
    ['amount', 'Int64'],
    ['pieces', 'Decimal(38, 3)'],
    ['lines', 'UInt64'],
    ['item_ids', 'Array(String)'],
    ...(columnOf(plan, 'currency') === undefined ? [] : [['own_currency', 'LowCardinality(String)'] as const]),
    ['mends', 'UInt32'],
    ...orderFacts(plan).map(([name, type]) => [`own_${name}`, type] as const),
  ];
}

/** What all rows of an import have in common. As text, because views take no parameters; none of it is secret. */
export function own(plan: ImportPlan): string {
  const receivedAt = plan.receivedAt.toISOString().replace('T', ' ').replace('Z', '');
  return `toUInt32(${plan.workspace.id}) AS workspace_id, toUInt32(${plan.sourceId}) AS source_id, toUInt32(${plan.importId}) AS import_id, toDateTime64(${literal(receivedAt)}, 3, 'UTC') AS received_at`;
}
