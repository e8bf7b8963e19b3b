import { type Feature, type FeaturePlan, type Measures, shareOf } from './feature.ts';

/** What stands inside events: device, campaign, coupons and traits as they were told by then. */

const device = "lower(ifNull(context.device.type::Nullable(String), ''))";
const campaign = "ifNull(context.campaign.source::Nullable(String), '')";
const isOrder = "name = 'order_completed'";
const hasCoupon = `(ifNull(properties.coupon::Nullable(String), '') != '' OR ifNull(properties.discount::Nullable(Float64), 0) > 0)`;

const fixedMeasures: Measures = {
  contacts: 'count()',
  from_app: `countIf(${device} IN ('ios', 'android'))`,
  from_wechat: `countIf(${device} = 'wechat')`,
  last_device: `argMaxIf(${device}, at, ${device} != '')`,
  first_campaign: `argMinIf(${campaign}, at, ${campaign} != '')`,
  last_campaign: `argMaxIf(${campaign}, at, ${campaign} != '')`,
  told_orders: `countIf(${isOrder})`,
  coupons: `countIf(${isOrder} AND ${hasCoupon})`,
};

const told = (key: string, unit: Feature['unit'], sql: string, en: string, zh: string): Feature => ({
  key,
  unit,
  words: { en, 'zh-CN': zh },
  source: 'told',
  sql,
});

const fixedFeatures: readonly Feature[] = [
  told('app_share', 'share', shareOf('from_app', 'contacts'), 'Share of actions in the app', 'App 行为占比'),
  told('wechat_share', 'share', shareOf('from_wechat', 'contacts'), 'Share of actions in WeChat', '微信行为占比'),
  told('last_device', 'category', 'last_device', 'Last device', '最近使用的设备'),
  told('first_campaign', 'category', 'first_campaign', 'First campaign source', '首次来源渠道'),
  told('last_campaign', 'category', 'last_campaign', 'Last campaign source', '最近来源渠道'),
  told(
    'coupon_share',
    'share',
    shareOf('coupons', 'told_orders'),
    'Share of orders with a coupon or discount',
    '使用优惠的订单占比',
  ),
];

/** A trait as an identify call told it last before the instant: the table of traits knows only what is true now. */
const traitMeasure = (path: string): string => {
  const value = `ifNull(properties.${path}::Nullable(String), '')`;
  return `argMaxIf(${value}, at, type = 'identify' AND ${value} != '')`;
};

/** `city` or `address.city` as a path of the engine. */
export const toPath = (name: string): string =>
  name
    .split('.')
    .map((part) => `\`${part}\``)
    .join('.');

export function toldMeasures(plan: FeaturePlan): Measures {
  return {
    ...fixedMeasures,
    ...Object.fromEntries(plan.traits.map(({ name }, at) => [`trait_${at}`, traitMeasure(toPath(name))])),
  };
}

export function toldFeatures(plan: FeaturePlan): readonly Feature[] {
  return [
    ...fixedFeatures,
    ...plan.traits.map(({ name, kind }, at) =>
      told(
        `trait:${name}`,
        kind,
        kind === 'category' ? `trait_${at}` : `ifNull(toFloat64OrNull(trait_${at}), nan)`,
        `Trait ${name}`,
        `属性 ${name}`,
      ),
    ),
  ];
}

const eventsOf = (plan: FeaturePlan, dayCount: number): Measures =>
  Object.fromEntries(
    plan.events.map((_, at) => [
      `own_${at}_${dayCount}`,
      `countIf(name = {own_${at}:String} AND age < ${dayCount * 86_400})`,
    ]),
  );

export const ownParameters = (plan: FeaturePlan): Record<string, string> =>
  Object.fromEntries(plan.events.map((name, at) => [`own_${at}`, name]));

/** Events of the brand's own, counted like the standard ones. */
export const ownMeasures = (plan: FeaturePlan): Measures => ({ ...eventsOf(plan, 30), ...eventsOf(plan, 180) });

export const ownFeatures = (plan: FeaturePlan): readonly Feature[] =>
  plan.events.flatMap((name, at) =>
    [30, 180].map((dayCount) => ({
      ...told(
        `event:${name}:${dayCount}d`,
        'count',
        `own_${at}_${dayCount}`,
        `“${name}” in the last ${dayCount} days`,
        `近 ${dayCount} 天“${name}”次数`,
      ),
      source: 'seen' as const,
    })),
  );
