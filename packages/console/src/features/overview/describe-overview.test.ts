import type { Locale, Panel } from '@zhiyin/contract';
import { createInstance } from 'i18next';
import { describe, expect, it } from 'vitest';
import { describeOverview } from './describe-overview.ts';

const texts = import.meta.glob<Record<string, unknown>>('../../locales/*/overview.json', {
  eager: true,
  import: 'default',
});
const en = texts['../../locales/en/overview.json']!;
const zh = texts['../../locales/zh-CN/overview.json']!;

const range = { from: '2026-10-24', to: '2026-11-23' };
const good = {
  events: 9_000,
  active_people: 1_000,
  previous_active_people: 800,
  orders: 900,
  previous_orders: 850,
  revenue: 120_430_000,
  previous_revenue: 111_509_000,
  returning_revenue: 75_000_000,
  refunds: 20_000_000,
};

describe('the answer the overview opens with', () => {
  it('says revenue, its change and the share of returning customers', async () => {
    expect(await say(good, 'en')).toBe(
      'Revenue was ¥1,204,300 in the last 30 days, up 8\u202f% on the 30 days before; 62\u202f% came from returning customers.',
    );
    expect(await say(good, 'zh-CN')).toBe('最近 30 天收入 ¥1,204,300，比前 30 天增长 8%；其中 62% 来自老客户。');
  });

  it('names the days when the range does not end with the last event', async () => {
    expect(await say(good, 'en', '2026-12-31')).toContain('from 24 Oct to 22 Nov');
    expect(await say(good, 'zh-CN', '2026-12-31')).toMatch(/^10月24日至11月22日收入/);
  });

  it('names the year of days that are not of the last one', async () => {
    expect(await say(good, 'en', '2027-03-01')).toContain('from 24 Oct 2026 to 22 Nov 2026');
  });

  it('says when revenue fell and when it did not move', async () => {
    expect(await say({ ...good, previous_revenue: 150_537_500 }, 'en')).toContain('down 20\u202f% on');
    expect(await say({ ...good, previous_revenue: 120_400_000 }, 'en')).toContain(
      'about the same as in the 30 days before',
    );
    expect(await say({ ...good, previous_revenue: 150_537_500 }, 'zh-CN')).toContain('下降 20%');
  });

  it('compares with nothing by saying that there is nothing', async () => {
    expect(await say({ ...good, previous_revenue: 0, previous_orders: 0 }, 'en')).toContain('nothing to compare with');
  });

  it('does not compare with a range that data covers only in part', async () => {
    expect(await say(good, 'en', '2026-11-22', '2026-10-10')).toContain('only partly covered');
    expect(await say(good, 'en', '2026-11-22', '2026-10-10')).not.toContain('up 8');
    expect(await say(good, 'en', '2026-11-22', '2026-09-01')).toContain('up 8');
  });

  it('speaks of people when there are no orders', async () => {
    const text = await say({ events: 10, active_people: 1_250, previous_active_people: 1_000, orders: 0 }, 'en');
    expect(text).toBe(
      '1,250 people were active in the last 30 days, up 25\u202f% on the 30 days before; no orders came in.',
    );
  });

  it('says when nothing happened', async () => {
    expect(await say({ events: 0 }, 'en')).toBe('Nothing happened in the last 30 days.');
    expect(await say({ events: 0 }, 'zh-CN')).toBe('最近 30 天没有任何事件。');
  });

  it('says that nobody returned without a zero', async () => {
    expect(await say({ ...good, returning_revenue: 0 }, 'en')).toContain('; all of it from first orders.');
    expect(await say({ ...good, returning_revenue: 0 }, 'zh-CN')).toContain('全部来自首次下单的客户');
  });

  it('takes the share of what is left after refunds, and never more than all of it', async () => {
    expect(await say({ ...good, returning_revenue: 60_215_000 }, 'en')).toContain('; 50\u202f% came from');
    expect(await say({ ...good, returning_revenue: 130_000_000 }, 'en')).toContain('; 100\u202f% came from');
  });

  it('leaves the share out when refunds ate all sales', async () => {
    expect(await say({ ...good, revenue: -500_000 }, 'en')).not.toContain('returning');
  });
});

async function say(
  row: Record<string, number>,
  locale: Locale,
  lastDay = '2026-11-22',
  firstDay?: string,
): Promise<string> {
  const summary: Panel = {
    name: 'summary',
    columns: [{ key: 'revenue', type: 'money', currency: 'CNY' }],
    rows: [row],
    query: { statement: '', parameters: {}, elapsedMs: 0, rowsRead: 0 },
    asOf: '2026-11-22T00:00:00Z',
  };
  const i18n = createInstance();
  await i18n.init({
    lng: locale,
    resources: { en: { overview: en }, 'zh-CN': { overview: zh } },
    interpolation: { escapeValue: false },
  });
  const t = i18n.getFixedT(locale, 'overview', 'sentence');
  const clauses = describeOverview({ summary, range, lastDay, firstDay, locale });
  return `${clauses.map(({ key, values }) => t(key, values)).join('')}${t('end')}`;
}
