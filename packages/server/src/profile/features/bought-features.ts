import { days, type Feature, type Measures, shareOf } from './feature.ts';

/** Over orders, one row each: `age` seconds before the instant, `sales` and `refunds` in minor units, `items` pieces. */
export const boughtMeasures: Measures = {
  orders: 'count()',
  orders_30: 'countIf(age < 2592000)',
  orders_90: 'countIf(age < 7776000)',
  orders_365: 'countIf(age < 31536000)',
  sales_all: 'sum(sales)',
  sales_90: 'sumIf(sales, age < 7776000)',
  sales_365: 'sumIf(sales, age < 31536000)',
  refunds_all: 'sum(refunds)',
  refunded: 'countIf(refunds > 0)',
  order_age: 'min(age)',
  first_order_age: 'max(age)',
  pieces: 'sum(items)',
  order_value: 'avg(sales)',
  order_value_deviation: 'stddevPop(sales)',
  order_value_max: 'max(sales)',
  last_order_value: 'argMin(sales, age)',
  // Ages from the newest to the oldest: what lies between neighbours are the times between purchases.
  order_ages: 'arraySort(groupArray(200)(age))',
};

const gaps = `arrayMap(one -> one / 86400, arrayPopFront(arrayDifference(order_ages)))`;
const orderDays = 'arrayMap(one -> intDiv(one, 86400), order_ages)';

const bought = (key: string, unit: Feature['unit'], sql: string, en: string, zh: string): Feature => ({
  key,
  unit,
  words: { en, 'zh-CN': zh },
  source: 'bought',
  sql,
});
const ofBuyers = (sql: string): string => `if(orders > 0, ${sql}, nan)`;
const ofRepeaters = (sql: string): string => `if(orders > 1, ${sql}, nan)`;

export const boughtFeatures: readonly Feature[] = [
  bought('orders', 'count', 'orders', 'Orders so far', '累计订单数'),
  bought('orders_30d', 'count', 'orders_30', 'Orders in the last 30 days', '近 30 天订单数'),
  bought('orders_90d', 'count', 'orders_90', 'Orders in the last 90 days', '近 90 天订单数'),
  bought('orders_365d', 'count', 'orders_365', 'Orders in the last 365 days', '近 365 天订单数'),
  bought(
    'order_trend',
    'ratio',
    shareOf('365 * orders_90', '(90 * orders_365)'),
    'Orders of the last 90 days against the last 365',
    '近 90 天相对近 365 天的下单频率',
  ),
  bought('spent', 'money', 'sales_all - refunds_all', 'Spent so far, refunds taken off', '累计消费（扣除退款）'),
  bought('spent_90d', 'money', 'sales_90', 'Spent in the last 90 days', '近 90 天消费'),
  bought('spent_365d', 'money', 'sales_365', 'Spent in the last 365 days', '近 365 天消费'),
  bought('days_since_order', 'days', ofBuyers(days('order_age')), 'Days since the last order', '距最近一次下单的天数'),
  bought(
    'days_since_first_order',
    'days',
    ofBuyers(days('first_order_age')),
    'Days since the first order',
    '距首次下单的天数',
  ),
  bought('order_value', 'money', ofBuyers('order_value'), 'Average order', '客单价'),
  bought(
    'order_value_deviation',
    'money',
    ofRepeaters('order_value_deviation'),
    'How much orders differ in value',
    '订单金额波动',
  ),
  bought('order_value_max', 'money', ofBuyers('order_value_max'), 'Largest order', '最大订单金额'),
  bought('last_order_value', 'money', ofBuyers('last_order_value'), 'Last order', '最近一单金额'),
  bought('pieces_per_order', 'ratio', ofBuyers('pieces / orders'), 'Pieces per order', '每单件数'),
  bought('gap_days', 'days', ofRepeaters(`arrayAvg(${gaps})`), 'Average days between orders', '平均下单间隔天数'),
  bought(
    'gap_deviation',
    'days',
    `if(orders > 2, sqrt(greatest(0, arrayAvg(arrayMap(gap -> gap * gap, ${gaps})) - pow(arrayAvg(${gaps}), 2))), nan)`,
    'How much the days between orders differ',
    '下单间隔波动天数',
  ),
  bought(
    'gap_progress',
    'ratio',
    ofRepeaters(`${days('order_age')} / greatest(1, arrayAvg(${gaps}))`),
    'Time since the last order in usual intervals',
    '距上次下单已过几个常规间隔',
  ),
  bought('refund_share', 'share', shareOf('refunds_all', 'sales_all'), 'Share of spending refunded', '退款金额占比'),
  bought('refunded_orders', 'count', 'refunded', 'Orders with a refund', '有退款的订单数'),
  bought(
    'orders_day_max',
    'count',
    `if(orders > 0, arrayMax(arrayMap(day -> countEqual(${orderDays}, day), ${orderDays})), 0)`,
    'Most orders within a day',
    '单日最多订单数',
  ),
];

/** Over categories bought, one row each with `pieces`. */
export const kindsMeasures: Measures = {
  kinds_bought: 'count()',
  category_entropy:
    'log(greatest(sum(pieces), 1e-9)) - sum(pieces * log(greatest(pieces, 1e-9))) / greatest(sum(pieces), 1e-9)',
  top_category: 'argMax(category, (pieces, category))',
  top_pieces: 'max(pieces)',
  all_pieces: 'sum(pieces)',
};

const kinds = (key: string, unit: Feature['unit'], sql: string, en: string, zh: string): Feature => ({
  ...bought(key, unit, sql, en, zh),
  source: 'kinds',
});

export const kindsFeatures: readonly Feature[] = [
  kinds('categories_bought', 'count', 'kinds_bought', 'Categories bought', '购买过的品类数'),
  kinds(
    'category_diversity',
    'number',
    'if(kinds_bought > 0, category_entropy, nan)',
    'Diversity of categories bought',
    '购买品类多样性',
  ),
  kinds(
    'top_category_share',
    'share',
    shareOf('top_pieces', 'all_pieces'),
    'Share of the favourite category',
    '最爱品类占比',
  ),
  kinds('top_category', 'category', 'top_category', 'Favourite category', '最爱品类'),
];

/** Over reviews and ratings. */
export const ratedMeasures: Measures = {
  ratings: 'count()',
  rating_sum: 'sum(ifNull(rating, 0))',
  rating_count: 'countIf(rating IS NOT NULL)',
  rating_low: 'countIf(rating <= 2)',
  rating_last: 'argMin(ifNull(rating, 0), age)',
};

const rated = (key: string, unit: Feature['unit'], sql: string, en: string, zh: string): Feature => ({
  ...bought(key, unit, sql, en, zh),
  source: 'rated',
});

export const ratedFeatures: readonly Feature[] = [
  rated('reviews', 'count', 'ratings', 'Reviews written', '评价数'),
  rated('rating', 'stars', shareOf('rating_sum', 'rating_count'), 'Average rating given', '平均评分'),
  rated('rating_last', 'stars', 'if(rating_last > 0, rating_last, nan)', 'Last rating given', '最近一次评分'),
  rated('low_ratings', 'count', 'rating_low', 'Ratings of one or two stars', '一二星差评数'),
];
