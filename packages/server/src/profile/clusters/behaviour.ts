import type { ClusterName } from '@zhiyin/contract';

type Unit = 'count' | 'days' | 'share' | 'money' | 'ratio';

/** One thing people are told apart by: an expression over the measures below, and its words. */
export type BehaviourFeature = {
  readonly key: string;
  readonly unit: Unit;
  readonly words: { readonly en: string; readonly 'zh-CN': string };
  /** NaN where it means nothing: a share of no orders. */
  readonly sql: string;
};

const feature = (key: string, unit: Unit, sql: string, en: string, zh: string): BehaviourFeature => ({
  key,
  unit,
  sql,
  words: { en, 'zh-CN': zh },
});

/** Few, and each says something to a marketer: clusters are described by them. All of the year before the instant. */
export const behaviourFeatures = [
  feature('orders', 'count', 'bought.orders', 'Orders a year', '年订单数'),
  feature('spent', 'money', 'greatest(0, bought.spent)', 'Spent a year', '年消费额'),
  feature(
    'order_value',
    'money',
    'if(bought.orders > 0, greatest(0, bought.spent) / bought.orders, nan)',
    'Average order',
    '客单价',
  ),
  feature(
    'days_since_order',
    'days',
    'if(bought.orders > 0, bought.order_age / 86400, nan)',
    'Days since the last order',
    '距上次下单天数',
  ),
  feature(
    'pieces_per_order',
    'ratio',
    'if(bought.orders > 0, bought.pieces / bought.orders, nan)',
    'Pieces per order',
    '每单件数',
  ),
  feature('categories', 'count', 'bought.categories', 'Categories bought from', '购买品类数'),
  feature(
    'refund_share',
    'share',
    'if(bought.orders > 0, bought.refunded / bought.orders, nan)',
    'Share of orders with something sent back',
    '退货订单占比',
  ),
  feature(
    'discount_share',
    'share',
    'if(seen.told_orders > 0, seen.discounted / seen.told_orders, nan)',
    'Share of orders with a coupon or discount',
    '优惠订单占比',
  ),
  feature('days_known', 'days', 'seen.first_age / 86400', 'Days since first seen', '认识天数'),
  feature('days_since_seen', 'days', 'seen.last_age / 86400', 'Days since last seen', '距上次到访天数'),
  feature('active_days', 'count', 'seen.active_days', 'Days with a visit in the last 90', '近 90 天活跃天数'),
  feature('views', 'count', 'seen.views', 'Items viewed in the last 90 days', '近 90 天浏览商品数'),
  feature('carts', 'count', 'seen.carts', 'Items put into the cart in the last 90 days', '近 90 天加购数'),
  feature('clicks', 'count', 'seen.clicks', 'Messages clicked in the last 90 days', '近 90 天点击消息数'),
  feature('night_share', 'share', 'seen.nights / seen.events', 'Share of actions from 22 to 4 h', '22–4 点行为占比'),
  feature('weekend_share', 'share', 'seen.weekends / seen.events', 'Share of actions at weekends', '周末行为占比'),
] as const satisfies readonly BehaviourFeature[];

const passive = `('email_delivered', 'email_bounced', 'sms_delivered', 'push_notification_received', 'push_notification_bounced')`;
const before = 'occurred_at < {at:DateTime64(3)} AND occurred_at >= {at:DateTime64(3)} - INTERVAL 1 YEAR';
const age = "dateDiff('second', occurred_at, {at:DateTime64(3)})";
const recently = 'age < 7776000';

/** One row a person: their id in hex, and the features as a list. Reads nothing of the instant or later. */
export const behaviourSql = (who: 'buyers' | 'active'): string => `
  SELECT hex(seen.profile_id) AS person, [${behaviourFeatures.map(({ sql }) => `toFloat32(${sql})`).join(', ')}] AS numbers
  FROM
  (
    SELECT profile_id, count() AS events, max(age) AS first_age, min(age) AS last_age,
      uniqExactIf(intDiv(age, 86400), ${recently}) AS active_days,
      countIf(${recently} AND name IN ('product_viewed', 'item_viewed', 'content_viewed')) AS views,
      countIf(${recently} AND name = 'product_added') AS carts,
      countIf(${recently} AND name IN ('email_link_clicked', 'sms_link_clicked', 'push_notification_tapped')) AS clicks,
      countIf(hour >= 22 OR hour < 4) AS nights, countIf(weekday >= 6) AS weekends,
      countIf(name = 'order_completed') AS told_orders, countIf(name = 'order_completed' AND has_discount) AS discounted
    FROM
    (
      SELECT profile_id, name, ${age} AS age, toHour(occurred_at, {zone:String}) AS hour, toDayOfWeek(occurred_at, 0, {zone:String}) AS weekday,
        name = 'order_completed' AND (ifNull(properties.coupon::Nullable(String), '') != ''
          OR ifNull(toFloat64OrNull(ifNull(properties.discount::Nullable(String), '')), 0) > 0) AS has_discount
      FROM @person_events
      WHERE ${before} AND name NOT IN ${passive}
    )
    GROUP BY profile_id
  ) AS seen
  ${who === 'buyers' ? 'INNER' : 'LEFT'} JOIN
  (
    SELECT profile_id, count() AS orders, sum(net) AS spent, min(age) AS order_age, sum(pieces) AS pieces, countIf(came_back > 0) AS refunded,
      length(arrayDistinct(arrayFlatten(groupArray(kinds)))) AS categories
    FROM
    (
      SELECT profile_id, order_id, countIf(kind = 'sale') AS sold, sum(amount_minor) AS net, maxIf(${age}, kind = 'sale') AS age,
        toFloat64(sumIf(quantity, kind = 'sale')) AS pieces, countIf(kind = 'refund') AS came_back,
        groupUniqArrayIf(20)(toString(category), kind = 'sale' AND category != '') AS kinds
      FROM @person_order_lines
      WHERE ${before} AND currency = {currency:String}
      GROUP BY profile_id, order_id
      HAVING sold > 0
    )
    GROUP BY profile_id
  ) AS bought ON bought.profile_id = seen.profile_id`;

type Key = (typeof behaviourFeatures)[number]['key'];

/** Which features make which name fit, and in which direction. The first are the ones marketers look for first. */
export const clusterArchetypes: Readonly<
  Record<Exclude<ClusterName, 'by_feature'>, Readonly<Partial<Record<Key, 1 | -1>>>>
> = {
  high_value_regulars: { orders: 1, spent: 1, days_since_order: -1 },
  regulars: { orders: 1, active_days: 1, order_value: -1 },
  big_spenders: { order_value: 1, spent: 1, orders: -1 },
  bargain_hunters: { discount_share: 1 },
  newcomers: { days_known: -1, orders: -1 },
  sleepers: { days_since_seen: 1, active_days: -1, days_since_order: 1 },
  window_shoppers: { views: 1, active_days: 1, orders: -1 },
  cart_fillers: { carts: 1, orders: -1 },
  returners: { refund_share: 1 },
  explorers: { categories: 1, pieces_per_order: 1 },
  night_owls: { night_share: 1 },
  weekenders: { weekend_share: 1 },
  one_time_buyers: { orders: -1, categories: -1, days_known: 1 },
  occasional_buyers: { orders: -1, days_since_seen: -1 },
};
