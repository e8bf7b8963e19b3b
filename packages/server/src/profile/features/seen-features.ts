import { days, type Feature, listOf, type Measures, shareOf } from './feature.ts';

/** What the brand did to people, not people themselves. */
const passive = [
  'email_delivered',
  'email_bounced',
  'sms_delivered',
  'push_notification_received',
  'push_notification_bounced',
];
const groups = {
  views: [
    'product_viewed',
    'product_clicked',
    'item_viewed',
    'content_viewed',
    'article_viewed',
    'course_viewed',
    'trip_viewed',
    'dish_viewed',
  ],
  searches: ['products_searched'],
  carts: ['product_added', 'wishlist_product_added_to_cart'],
  removals: ['product_removed'],
  wishes: ['product_added_to_wishlist', 'item_saved'],
  checkouts: ['checkout_started'],
  payments: ['payment_info_entered'],
  shares: ['product_shared', 'item_shared', 'cart_shared'],
  deliveries: ['email_delivered', 'sms_delivered', 'push_notification_received'],
  openings: ['email_opened', 'push_notification_tapped'],
  clicks: ['email_link_clicked', 'sms_link_clicked', 'push_notification_tapped'],
  farewells: ['unsubscribed', 'sms_unsubscribed', 'push_notifications_disabled', 'email_marked_as_spam'],
} as const;

/** Names of events that features know already; others are a brand's own. */
export const knownEvents: readonly string[] = [
  ...passive,
  ...Object.values(groups).flat(),
  'page_viewed',
  'screen_viewed',
  'profile_identified',
  'order_completed',
  'order_refunded',
  'order_cancelled',
  'order_updated',
  'product_reviewed',
];

const secondsOf = (dayCount: number): number => dayCount * 86_400;
const within = (dayCount: number): string => `age < ${secondsOf(dayCount)}`;
const is = (group: keyof typeof groups): string => `name IN ${listOf(groups[group])}`;
const isActive = `name NOT IN ${listOf(passive)}`;

/** Over rows of events before the instant; `age` is seconds until it, `hour` and `weekday` are in the workspace's time zone. */
export const seenMeasures: Measures = {
  seen_7: `countIf(${within(7)} AND ${isActive})`,
  seen_30: `countIf(${within(30)} AND ${isActive})`,
  seen_90: `countIf(${within(90)} AND ${isActive})`,
  seen_365: `countIf(${within(365)} AND ${isActive})`,
  seen_all: `countIf(${isActive})`,
  last_age: `minIf(age, ${isActive})`,
  first_age: 'max(age)',
  // One bit a day and one a week: as many days and weeks as there are bits, in eight bytes a person.
  day_bits: `groupBitOrIf(bitShiftLeft(toUInt64(1), least(63, intDiv(age, 86400))), ${isActive})`,
  week_bits: `groupBitOrIf(bitShiftLeft(toUInt64(1), least(63, intDiv(age, 604800))), ${isActive})`,
  identifiers: 'uniqUpTo(20)(identity_id)',
  evenings: `countIf(hour >= 18 AND ${isActive})`,
  nights: `countIf(hour < 6 AND ${isActive})`,
  weekends: `countIf(weekday >= 6 AND ${isActive})`,
  views_7: `countIf(${within(7)} AND ${is('views')})`,
  views_30: `countIf(${within(30)} AND ${is('views')})`,
  views_90: `countIf(${within(90)} AND ${is('views')})`,
  searches_30: `countIf(${within(30)} AND ${is('searches')})`,
  carts_7: `countIf(${within(7)} AND ${is('carts')})`,
  carts_30: `countIf(${within(30)} AND ${is('carts')})`,
  carts_90: `countIf(${within(90)} AND ${is('carts')})`,
  removals_90: `countIf(${within(90)} AND ${is('removals')})`,
  wishes_90: `countIf(${within(90)} AND ${is('wishes')})`,
  checkouts_30: `countIf(${within(30)} AND ${is('checkouts')})`,
  checkouts_90: `countIf(${within(90)} AND ${is('checkouts')})`,
  payments_1: `countIf(${within(1)} AND ${is('payments')})`,
  payments_7: `countIf(${within(7)} AND ${is('payments')})`,
  shares_90: `countIf(${within(90)} AND ${is('shares')})`,
  deliveries_90: `countIf(${within(90)} AND ${is('deliveries')})`,
  openings_90: `countIf(${within(90)} AND ${is('openings')})`,
  clicks_90: `countIf(${within(90)} AND ${is('clicks')})`,
  farewells: `countIf(${is('farewells')})`,
};

const seen = (key: string, unit: Feature['unit'], sql: string, en: string, zh: string): Feature => ({
  key,
  unit,
  words: { en, 'zh-CN': zh },
  source: 'seen',
  sql,
});

export const seenFeatures: readonly Feature[] = [
  seen('seen_7d', 'count', 'seen_7', 'Actions in the last 7 days', '近 7 天行为数'),
  seen('seen_30d', 'count', 'seen_30', 'Actions in the last 30 days', '近 30 天行为数'),
  seen('seen_90d', 'count', 'seen_90', 'Actions in the last 90 days', '近 90 天行为数'),
  seen('seen_365d', 'count', 'seen_365', 'Actions in the last 365 days', '近 365 天行为数'),
  seen(
    'seen_trend',
    'ratio',
    shareOf('3 * seen_30', 'seen_90'),
    'Activity of the last 30 days against the last 90',
    '近 30 天相对近 90 天的活跃度',
  ),
  seen(
    'seen_trend_week',
    'ratio',
    shareOf('30 * seen_7', '(7 * seen_30)'),
    'Activity of the last 7 days against the last 30',
    '近 7 天相对近 30 天的活跃度',
  ),
  seen(
    'days_since_seen',
    'days',
    `if(seen_all > 0, ${days('last_age')}, nan)`,
    'Days since the last visit',
    '距最近一次访问的天数',
  ),
  seen('days_known', 'days', days('first_age'), 'Days since first seen', '距首次出现的天数'),
  seen('active_days_7d', 'count', 'bitCount(bitAnd(day_bits, 127))', 'Active days in the last 7', '近 7 天活跃天数'),
  seen(
    'active_days_30d',
    'count',
    'bitCount(bitAnd(day_bits, 1073741823))',
    'Active days in the last 30',
    '近 30 天活跃天数',
  ),
  seen(
    'active_weeks_52w',
    'count',
    'bitCount(bitAnd(week_bits, 4503599627370495))',
    'Active weeks in the last 52',
    '近 52 周活跃周数',
  ),
  seen('identifiers', 'count', 'identifiers', 'Devices and accounts', '设备与账号数'),
  seen(
    'evening_share',
    'share',
    shareOf('evenings', 'seen_all'),
    'Share of actions from 18 to 24 h',
    '18–24 点行为占比',
  ),
  seen('night_share', 'share', shareOf('nights', 'seen_all'), 'Share of actions from 0 to 6 h', '0–6 点行为占比'),
  seen('weekend_share', 'share', shareOf('weekends', 'seen_all'), 'Share of actions at weekends', '周末行为占比'),
  seen('views_7d', 'count', 'views_7', 'Items viewed in the last 7 days', '近 7 天浏览商品数'),
  seen('views_30d', 'count', 'views_30', 'Items viewed in the last 30 days', '近 30 天浏览商品数'),
  seen('views_90d', 'count', 'views_90', 'Items viewed in the last 90 days', '近 90 天浏览商品数'),
  seen('searches_30d', 'count', 'searches_30', 'Searches in the last 30 days', '近 30 天搜索次数'),
  seen('carts_7d', 'count', 'carts_7', 'Items put in the cart in the last 7 days', '近 7 天加购数'),
  seen('carts_30d', 'count', 'carts_30', 'Items put in the cart in the last 30 days', '近 30 天加购数'),
  seen('carts_90d', 'count', 'carts_90', 'Items put in the cart in the last 90 days', '近 90 天加购数'),
  seen(
    'cart_rate_90d',
    'ratio',
    shareOf('carts_90', 'views_90'),
    'Items put in the cart per item viewed, 90 days',
    '近 90 天浏览加购率',
  ),
  seen(
    'removals_90d',
    'count',
    'removals_90',
    'Items taken out of the cart in the last 90 days',
    '近 90 天移出购物车数',
  ),
  seen('wishes_90d', 'count', 'wishes_90', 'Items saved in the last 90 days', '近 90 天收藏数'),
  seen('checkouts_30d', 'count', 'checkouts_30', 'Checkouts begun in the last 30 days', '近 30 天发起结算次数'),
  seen('checkouts_90d', 'count', 'checkouts_90', 'Checkouts begun in the last 90 days', '近 90 天发起结算次数'),
  seen('payments_1d', 'count', 'payments_1', 'Payment attempts in the last day', '近 1 天支付尝试次数'),
  seen('payments_7d', 'count', 'payments_7', 'Payment attempts in the last 7 days', '近 7 天支付尝试次数'),
  seen('shares_90d', 'count', 'shares_90', 'Items shared in the last 90 days', '近 90 天分享次数'),
  seen('messages_90d', 'count', 'deliveries_90', 'Messages received in the last 90 days', '近 90 天收到消息数'),
  seen(
    'open_rate_90d',
    'share',
    shareOf('openings_90', 'deliveries_90'),
    'Messages opened per message received, 90 days',
    '近 90 天消息打开率',
  ),
  seen(
    'click_rate_90d',
    'share',
    shareOf('clicks_90', 'deliveries_90'),
    'Messages clicked per message received, 90 days',
    '近 90 天消息点击率',
  ),
  seen('unsubscribed', 'count', 'farewells', 'Times unsubscribed', '退订次数'),
];
