import { columnOf, type ImportPlan, keptColumns } from '../import-plan.ts';
import { isPersonalHeader } from '../is-personal-header.ts';
import { type CleanSql, cleanSql, commonRefusals, instantRefusals, type Refusal, type Repair } from './clean-sql.ts';
import { identitySql } from './identity-sql.ts';
import { maskColumnSql, maskSql } from './mask-sql.ts';
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
  const extra = keptColumns(plan)
    .filter(({ name }) => !isPersonalHeader(name))
    .map(({ name, number }) => `${literal(name)}, ${maskColumnSql(name, textSql(number))}`);
  return cleanSql(sourceSql(plan.file, limit), {
    columns: [
      ...identity.columns,
      `${identity.identityId} AS identity_id`,
      `${identity.others} AS others`,
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
      `${extra.length === 0 ? `''` : `toJSONString(mapFilter((k, v) -> v != '', map(${extra.join(', ')})))`} AS extra_properties`,
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

/** Columns of a staged line, in the order of `stagedLineColumns`. Equal lines of an order get equal keys here; see `settleRepeats`. */
export const stagedLineColumns =
  'workspace_id, source_id, line_key, identity_id, order_id, kind, item_id, item_name, category, quantity, unit_price, amount_minor, currency, occurred_at, received_at, import_id, row, repairs, others, keyed, status, country, coupon, discount, extra_properties';

export function stagedLinesSelect(plan: ImportPlan, clean: CleanSql): string {
  return `SELECT {workspaceId:UInt32}, ${plan.sourceId}, line_key, identity_id, order_id, kind, item_id, item_name, category, quantity, unit_price, amount_minor, currency, occurred_at,
    toDateTime64({receivedAt:String}, 3, 'UTC'), ${plan.importId}, row, repairs, others, 0, status, country, coupon, discount, extra_properties
  FROM (SELECT *,
      if(is_refund, 'refund', 'sale') AS kind,
      CAST(if(is_refund, -abs(quantity_read), quantity_read), 'Decimal(18, 3)') AS quantity,
      CAST(assumeNotNull(price_read), 'Decimal(18, 4)') AS unit_price,
      toInt64(if(is_refund, -abs(amount_exact), amount_exact)) AS amount_minor,
      assumeNotNull(occurred) AS occurred_at,
      reinterpretAsUUID(sipHash128Keyed(({hashKey0:UInt64}, {hashKey1:UInt64}), 'line', order_id, identity_id, kind, item_id, item_name, category, quantity, unit_price, amount_minor, currency, occurred_at)) AS line_key
    FROM ${clean.from} WHERE reason = '')
  SETTINGS ${clean.settings}`;
}
