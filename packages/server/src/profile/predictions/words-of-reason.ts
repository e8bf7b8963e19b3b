import type { FeatureWords } from '@zhiyin/contract';
import type { FeatureUnit } from '../features/feature.ts';
import { anomalyRules } from './anomaly.ts';
import { openWords } from './describe-features.ts';

const rules: Readonly<Record<string, FeatureWords>> = {
  many_payments: { en: '5 or more payment attempts within a day', 'zh-CN': '一天内支付尝试达 5 次及以上' },
  many_orders_a_day: { en: '5 or more orders on one day', 'zh-CN': '单日下单达 5 次及以上' },
  many_devices: { en: '8 or more devices and accounts', 'zh-CN': '设备与账号达 8 个及以上' },
  mostly_refunded: {
    en: 'At least half of the spending refunded, over 3 orders or more',
    'zh-CN': '3 单及以上且退款金额过半',
  },
};

const fixed = openWords({ version: 1, currency: '', timeZone: 'UTC', events: [], traits: [] });

/** Words of a feature whatever the plan it stood in: what is the brand's own carries its name in its key. */
export function wordsOfReason(key: string): { words: FeatureWords; unit: FeatureUnit | 'rule' } {
  const rule = key.startsWith('rule:') ? key.slice('rule:'.length) : undefined;
  if (rule !== undefined) {
    const known = anomalyRules.some(({ code }) => code === rule) ? rules[rule] : undefined;
    return { words: known ?? { en: rule, 'zh-CN': rule }, unit: 'rule' };
  }
  const [kind, ...rest] = key.split(':');
  if (kind === 'trait') {
    const name = rest.join(':');
    return { words: { en: `Trait ${name}`, 'zh-CN': `属性 ${name}` }, unit: 'category' };
  }
  if (kind === 'event') {
    const days = rest.at(-1)?.replace('d', '') ?? '';
    const name = rest.slice(0, -1).join(':');
    return {
      words: { en: `“${name}” in the last ${days} days`, 'zh-CN': `近 ${days} 天“${name}”次数` },
      unit: 'count',
    };
  }
  return fixed(key);
}
