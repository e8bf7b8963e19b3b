import { type RuleWindow, type SegmentRuleInput, segmentRuleSchema } from '@zhiyin/contract';
import { describe, expect, it } from 'vitest';
import type { SpokenVocabulary } from './read-clause.ts';
import { readWords } from './read-words.ts';

type Field = SpokenVocabulary['traits'][number];
const known = (...values: string[]) => values.map((value) => ({ value, people: 1 }));
const field = (name: string, type: Field['type'] = 'text', ...values: string[]): Field => ({
  name,
  type,
  values: known(...values),
});
const vocabulary: SpokenVocabulary = {
  events: ['order_completed', 'product_viewed', 'signed_up', 'Quiz Done'].map((name) => ({
    name,
    events: 1,
    properties: [],
  })),
  traits: [
    field('city', 'text', '上海', '杭州', 'Shanghai', 'Hangzhou'),
    field('member_level', 'text', '金卡'),
    field('age', 'number'),
    field('birthday', 'date'),
    field('email'),
  ],
  computed: [field('churn.probability', 'number')],
  purchase: [field('item_name', 'text', '乌龙茶'), field('category', 'text', '茶具', 'tea')],
  consents: ['marketing', 'sms'],
  places: { country: known('China'), region: [], city: [] },
  asOf: '2026-03-01T00:00:00.000Z',
  currency: 'CNY',
  segments: [
    { id: 3, name: '高价值' },
    { id: 4, name: 'Big or small' },
  ],
  lists: [{ id: 5, name: 'VIP' }],
  tags: ['母婴', 'press'],
};

const days = (amount: number): RuleWindow => ({ kind: 'last', amount, unit: 'days' });
const month: RuleWindow = { kind: 'calendar', period: 'this_month' };
const ever: RuleWindow = { kind: 'ever' };
type Test = Extract<SegmentRuleInput, { kind: 'trait' }>['test'];
const did = (
  event: string,
  window: RuleWindow = ever,
  test: Test = { op: 'at_least', value: 1 },
): SegmentRuleInput => ({
  kind: 'event',
  event,
  window,
  test,
});
const didNot = (event: string, window: RuleWindow = ever) => did(event, window, { op: 'is', value: 0 });
const spent = (test: Test, window: RuleWindow = ever, measure: 'spent' | 'refunded' = 'spent'): SegmentRuleInput => ({
  kind: 'purchase',
  measure,
  window,
  test,
});
const trait = (name: string, test: Test): SegmentRuleInput => ({ kind: 'trait', trait: name, test });
const computed = (name: string, test: Test): SegmentRuleInput => ({ kind: 'computed', name, test });
const all = (...of: SegmentRuleInput[]): SegmentRuleInput => ({ kind: 'all', of });
const any = (...of: SegmentRuleInput[]): SegmentRuleInput => ({ kind: 'any', of });
const [buy, view] = ['order_completed', 'product_viewed'];

const sentences: readonly [words: string, rule: SegmentRuleInput][] = [
  [
    '近30天买过2次以上且没有退货',
    all(did(buy, days(30), { op: 'at_least', value: 2 }), didNot('order_refunded', days(30))),
  ],
  [
    'bought more than 2 times in the last 30 days and did not refund',
    all(did(buy, days(30), { op: 'more', value: 2 }), didNot('order_refunded')),
  ],
  ['过去７天浏览过，但没有买过', all(did(view, days(7)), didNot(buy, days(7)))],
  ['本月加购过', did('product_added', month)],
  ['added to cart this month but never bought', all(did('product_added', month), didNot(buy))],
  ['今年消费超过500元', spent({ op: 'more', value: 500 }, { kind: 'calendar', period: 'this_year' })],
  ['近3个月消费满2万元', spent({ op: 'at_least', value: 20_000 }, days(90))],
  ['spent more than 1,500 in the last 30 days', spent({ op: 'more', value: 1_500 }, days(30))],
  ['退款超过100元', spent({ op: 'more', value: 100 }, ever, 'refunded')],
  ['viewed since 2026-01-01', did(view, { kind: 'since', date: '2026-01-01' })],
  ['2026年1月1日以来买过', did(buy, { kind: 'since', date: '2026-01-01' })],
  [
    'bought 2 or more times between 2026-01-01 and 2026-01-31',
    did(buy, { kind: 'between', from: '2026-01-01', to: '2026-02-01' }, { op: 'at_least', value: 2 }),
  ],
  ['至少三次购买', did(buy, ever, { op: 'at_least', value: 3 })],
  ['最多买过2次', did(buy, ever, { op: 'at_most', value: 2 })],
  ['bought at least once this month', did(buy, month)],
  ['bought exactly 2 times', did(buy, ever, { op: 'is', value: 2 })],
  ['没有买过3次以上', { kind: 'not', of: did(buy, ever, { op: 'at_least', value: 3 }) }],
  ['30天没来过', didNot('*', days(30))],
  ['inactive for 30 days', didNot('*', days(30))],
  ['has not visited for 2 weeks', didNot('*', { kind: 'last', amount: 2, unit: 'weeks' })],
  ['城市是上海', trait('city', { op: 'is', value: '上海' })],
  ['lives in shanghai', trait('city', { op: 'is', value: 'Shanghai' })],
  ['city is not Shanghai', trait('city', { op: 'is_not', value: 'Shanghai' })],
  ['来自China', { kind: 'place', level: 'country', test: { op: 'is', value: 'China' } }],
  [
    '住在上海或杭州的用户，近30天买过',
    all(trait('city', { op: 'one_of', values: ['上海', '杭州'] }), did(buy, days(30))),
  ],
  [
    'lives in Shanghai or Hangzhou and has not visited for 30 days',
    all(trait('city', { op: 'one_of', values: ['Shanghai', 'Hangzhou'] }), didNot('*', days(30))),
  ],
  ['买过且城市是上海或杭州', all(did(buy), trait('city', { op: 'one_of', values: ['上海', '杭州'] }))],
  ['会员等级为金卡', trait('member_level', { op: 'is', value: '金卡' })],
  ['age is between 20 and 30', trait('age', { op: 'between', from: 20, to: 30 })],
  ['生日在本月', trait('birthday', { op: 'within', window: month })],
  ['没有填写邮箱', trait('email', { op: 'missing' })],
  ['同意接收短信', { kind: 'consent', purpose: 'sms', state: 'granted' }],
  ['opted out of marketing', { kind: 'consent', purpose: 'marketing', state: 'refused' }],
  ['标签是“母婴”', { kind: 'tag', tag: '母婴', in: true }],
  ['在名单“VIP”里', { kind: 'list', listId: 5 }],
  ['在分群“高价值”里', { kind: 'segment', segmentId: 3 }],
  ['not in segment "Big or small"', { kind: 'segment', segmentId: 4, in: false }],
  ['流失概率大于70%', computed('churn.probability', { op: 'more', value: 0.7 })],
  ['churn probability over 70 %', computed('churn.probability', { op: 'more', value: 0.7 })],
  ['重要价值客户', computed('rfm.group8', { op: 'is', value: 'important_value' })],
  ['RFM group is champions', computed('rfm.group11', { op: 'is', value: 'champions' })],
  ['注册过但没有买过', all(did('signed_up'), didNot(buy))],
  ['did Quiz Done', did('Quiz Done')],
  ['首次下单在本月', { kind: 'cohort', by: 'first_order', window: month }],
  [
    'people in Shanghai who bought tea',
    all(trait('city', { op: 'is', value: 'Shanghai' }), {
      kind: 'purchase',
      where: [{ property: 'category', test: { op: 'is', value: 'tea' } }],
    }),
  ],
  ['viewed and bought, or signed up', any(all(did(view), did(buy)), did('signed_up'))],
  ['(bought or viewed) and age over 30', all(any(did(buy), did(view)), trait('age', { op: 'more', value: 30 }))],
  ['not (bought or viewed)', { kind: 'not', of: any(did(buy), did(view)) }],
];

describe('words', () => {
  it.each(sentences)('%s', (words, rule) => {
    expect(readWords(words, vocabulary)).toMatchObject({ rule: segmentRuleSchema.parse(rule), notUnderstood: [] });
  });

  it('say where each piece is', () => {
    expect(readWords('城市是上海，且（近30天买过 或 浏览过）', vocabulary).understood).toEqual([
      { text: '城市是上海', path: 'of[0]' },
      { text: '近30天买过', path: 'of[1].of[0]' },
      { text: '浏览过', path: 'of[1].of[1]' },
    ]);
  });

  it.each([
    ['wears green shoes and bought twice', ['wears green shoes']],
    ['买过火星土，浏览过', ['买过火星土']],
    ['流失概率大于70', ['流失概率大于70']],
    ['在分群“没有的”里', ['在分群“没有的”里']],
    ['城市是上海近30天买过2次', ['城市是上海近30天买过2次']],
    ['viewed since 2026-13-45', ['viewed since 2026-13-45']],
    ['spent a lot', ['spent a lot']],
    ['spent more than 500 dollars', ['spent more than 500 dollars']],
    ['not inactive for 30 days', ['not inactive for 30 days']],
    ['not (bought or flew)', ['flew']],
    ['今天天气真好', ['今天天气真好']],
    [`${'('.repeat(400)}bought${')'.repeat(400)} and loved it`, ['loved it']],
  ])('that are not understood are given back: %s', (words, notUnderstood) => {
    expect(readWords(words, vocabulary).notUnderstood).toEqual(notUnderstood);
  });
});
