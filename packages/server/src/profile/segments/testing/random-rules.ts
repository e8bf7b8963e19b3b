import type { PropertyTest, RuleWindow, SegmentRule, ValueTest } from '@zhiyin/contract';
import fc from 'fast-check';
import type { Json, ToldEvent, ToldLine, ToldPerson } from './interpret-rule.ts';

/** People and rules that have much in common, so that rules are true of some and false of others, and instants often meet exactly. */

/** Around it everything happens: a Wednesday, some days after a quarter began. */
export const about = Date.parse('2026-04-08T02:30:00Z');
const hour = 3_600_000;
const eventNames = ['product_viewed', 'product_added', 'order_completed', 'order_refunded'];
const cities = ['上海', '北京', 'Berlin', ''];
const days = ['2026-03-01', '2026-03-31', '2026-04-01', '2026-04-08', '2026-04-12'];

/** Whole hours back, so that ends of windows fall on events; now and then an odd millisecond. */
const instant = fc
  .tuple(fc.integer({ min: -40 * 24, max: 2 }), fc.constantFrom(0, 0, 0, 1, -1, 1_800_000))
  .map(([hours, ms]) => about + hours * hour + ms);

const amount = fc.constantFrom<Json>(0, 1, 2, 5, 9.5, 100, '5', '12.50', 'abc', null, true);
const properties = fc.record({
  price: amount,
  category: fc.constantFrom<Json>('tea', 'tea set', 'cup', '', null, 7),
  tags: fc.constantFrom<Json>(['new', 'sale'], [], null, ['tea'], [1, 2]),
  day: fc.constantFrom<Json>(null, ...days),
});

const event: fc.Arbitrary<Omit<ToldEvent, 'key'>> = fc.record({
  name: fc.constantFrom(...eventNames),
  at: instant,
  properties,
});
const line: fc.Arbitrary<ToldLine> = fc
  .record({
    kind: fc.constantFrom('sale' as const, 'sale' as const, 'refund' as const),
    orderId: fc.constantFrom('a', 'b', 'c'),
    itemId: fc.constantFrom('tea-1', 'cup-1', 'pot'),
    category: fc.constantFrom('tea', 'cup'),
    unitPrice: fc.constantFrom(1, 2.5, 100),
    quantity: fc.integer({ min: 1, max: 4 }),
    currency: fc.constantFrom('CNY', 'CNY', 'USD'),
    at: instant,
  })
  .map((one) => ({ ...one, amountMinor: (one.kind === 'sale' ? 1 : -1) * one.unitPrice * 100 * one.quantity }));
const traitValues: Record<string, fc.Arbitrary<Json>> = {
  city: fc.constantFrom<Json>(...cities, null),
  age: fc.constantFrom<Json>(18, 30, 30.5, '42', 'old', null),
  vip: fc.boolean(),
  likes: fc.constantFrom<Json>(['tea', 'cup'], [], ['tea'], 'tea'),
  renewal: fc.oneof(
    fc.constantFrom<Json>(...days, 'soon'),
    instant.map((at) => new Date(at).toISOString()),
  ),
  consent_marketing: fc.constantFrom<Json>(true, false, 'yes', 'no'),
};
const trait = fc.constantFrom(...Object.keys(traitValues)).chain((name) =>
  // An hour apart at least: of two at the same instant either may be the latest.
  fc.record({ name: fc.constant(name), value: traitValues[name]!, at: instant }),
);

export const randomPerson: fc.Arbitrary<Omit<ToldPerson, 'profileId'>> = fc
  .record({
    events: fc.array(event, { maxLength: 14 }),
    lines: fc.array(line, { maxLength: 6 }),
    traits: fc.uniqueArray(trait, { maxLength: 8, selector: (one) => `${one.name} ${one.at}` }),
  })
  .map((person) => ({ ...person, events: person.events.map((one) => ({ ...one, key: '' })) }));

const unit = fc.constantFrom('minutes' as const, 'hours' as const, 'days' as const, 'weeks' as const);
const duration = unit.chain((one) =>
  fc.record({
    amount: fc.integer({ min: 1, max: { minutes: 600, hours: 100, days: 45, weeks: 6 }[one] }),
    unit: fc.constant(one),
  }),
);
export const randomWindow: fc.Arbitrary<RuleWindow> = fc.oneof(
  fc.constant({ kind: 'ever' as const }),
  duration.map((length) => ({ kind: 'last' as const, ...length })),
  fc
    .tuple(fc.integer({ min: 1, max: 20 }), fc.option(fc.integer({ min: 1, max: 20 })), unit)
    .map(([to, more, one]) => ({
      kind: 'ago' as const,
      from: more === null ? null : to + more,
      to,
      unit: one,
    })),
  fc
    .constantFrom(
      'today' as const,
      'yesterday' as const,
      'this_week' as const,
      'last_week' as const,
      'this_month' as const,
      'last_month' as const,
      'this_quarter' as const,
      'last_quarter' as const,
      'this_year' as const,
      'last_year' as const,
    )
    .map((period) => ({ kind: 'calendar' as const, period })),
  fc.constantFrom(...days).map((date) => ({ kind: 'since' as const, date })),
  fc.constantFrom(...days).map((date) => ({ kind: 'before' as const, date })),
  fc.constant({ kind: 'between' as const, from: '2026-03-31', to: '2026-04-08' }),
);
const absoluteWindow = randomWindow.filter(({ kind }) => kind === 'since' || kind === 'before' || kind === 'between');

const someNumber = fc.constantFrom(0, 1, 2, 3, 5, 9.5, 30, 100);
const someText = fc.constantFrom('tea', 'cup', '上海', 'Berlin', 'true', '5', '');
const scalar = fc.oneof(someNumber, someText, fc.boolean());
const numberTest: fc.Arbitrary<ValueTest> = fc.oneof(
  fc.record({ op: fc.constantFrom('is' as const, 'is_not' as const), value: someNumber }),
  fc.record({
    op: fc.constantFrom('more' as const, 'less' as const, 'at_least' as const, 'at_most' as const),
    value: someNumber,
  }),
  fc.constant({ op: 'between' as const, from: 1, to: 3 }),
);
const textTest: fc.Arbitrary<ValueTest> = fc.oneof(
  numberTest,
  fc.record({ op: fc.constantFrom('is' as const, 'is_not' as const), value: scalar }),
  fc.record({
    op: fc.constantFrom('one_of' as const, 'none_of' as const),
    values: fc.array(scalar, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    op: fc.constantFrom('contains' as const, 'not_contains' as const, 'starts_with' as const),
    text: fc.constantFrom('te', 'ea', '海', '0'),
  }),
  fc.record({ op: fc.constantFrom('exists' as const, 'missing' as const) }),
  fc.record({ op: fc.constantFrom('has' as const, 'has_not' as const), value: fc.constantFrom('tea', 'sale', 1) }),
);
const dateTest = (window: fc.Arbitrary<RuleWindow>): fc.Arbitrary<ValueTest> =>
  fc.record({ op: fc.constantFrom('within' as const, 'not_within' as const), window });
const propertyTest: fc.Arbitrary<PropertyTest> = fc.oneof(
  fc.record({ property: fc.constantFrom('price', 'category', 'tags'), test: textTest }),
  fc.record({ property: fc.constant('day'), test: dateTest(absoluteWindow) }),
);
const where = fc.oneof(
  { weight: 3, arbitrary: fc.constant<PropertyTest[]>([]) },
  { weight: 2, arbitrary: fc.array(propertyTest, { maxLength: 2 }) },
);
const selector = fc.record({ event: fc.constantFrom(...eventNames, '*'), where });

const condition: fc.Arbitrary<SegmentRule> = fc.oneof(
  fc.record({
    kind: fc.constant('trait' as const),
    trait: fc.constantFrom('city', 'age', 'vip', 'likes', 'nothing'),
    test: textTest,
  }),
  fc.record({
    kind: fc.constant('trait' as const),
    trait: fc.constant('renewal'),
    test: fc.oneof(
      dateTest(randomWindow),
      duration.map((length) => ({ op: 'in_next' as const, ...length })),
    ),
  }),
  fc
    .tuple(selector, randomWindow, fc.constantFrom('count' as const, 'days' as const), numberTest)
    .map(([one, window, of, test]) => ({
      kind: 'event' as const,
      ...one,
      window,
      measure: { of },
      test,
    })),
  fc
    .tuple(
      selector,
      randomWindow,
      fc.constantFrom('sum' as const, 'average' as const, 'min' as const, 'max' as const, 'distinct' as const),
      fc.constantFrom('price', 'category'),
      numberTest,
    )
    .map(([one, window, of, property, test]) => ({
      kind: 'event' as const,
      ...one,
      window,
      measure: { of, property },
      test,
    })),
  fc
    .tuple(selector, randomWindow, fc.constantFrom('first' as const, 'last' as const), textTest)
    .map(([one, window, of, test]) => ({
      kind: 'event' as const,
      ...one,
      window,
      measure: { of, property: 'category' },
      test: test.op === 'has' || test.op === 'has_not' ? { op: 'exists' as const } : test,
    })),
  fc
    .tuple(selector, randomWindow, fc.constantFrom('first' as const, 'last' as const), dateTest(randomWindow))
    .map(([one, window, of, test]) => ({
      kind: 'event' as const,
      ...one,
      window,
      measure: { of, property: null },
      test,
    })),
  fc.record({
    kind: fc.constant('purchase' as const),
    measure: fc.constantFrom(
      'orders' as const,
      'revenue' as const,
      'spent' as const,
      'refunded' as const,
      'refunds' as const,
      'quantity' as const,
      'items' as const,
    ),
    where: fc.constantFrom<Extract<SegmentRule, { kind: 'purchase' }>['where']>(
      [],
      [{ property: 'category' as const, test: { op: 'is' as const, value: 'tea' } }],
      [{ property: 'unit_price' as const, test: { op: 'more' as const, value: 2 } }],
    ),
    window: randomWindow,
    test: numberTest,
  }),
  fc.record({
    kind: fc.constant('sequence' as const),
    steps: fc.array(
      fc
        .tuple(selector, fc.option(duration), fc.option(selector))
        .map(([one, within, without]) => ({ ...one, within, without })),
      { minLength: 2, maxLength: 3 },
    ),
    window: randomWindow,
    did: fc.boolean(),
  }),
  fc
    .tuple(fc.array(selector, { minLength: 2, maxLength: 4 }), fc.option(duration), randomWindow, fc.nat())
    .map(([steps, within, window, n]) => ({
      kind: 'funnel' as const,
      steps,
      within,
      window,
      reached: 1 + (n % steps.length),
    })),
  fc.record({
    kind: fc.constant('cohort' as const),
    by: fc.constantFrom('first_seen' as const, 'first_order' as const),
    window: randomWindow,
    in: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('bucket' as const),
    salt: fc.constantFrom('a', '盐'),
    from: fc.constant(20),
    to: fc.constantFrom(50, 100),
  }),
  fc.record({
    kind: fc.constant('consent' as const),
    purpose: fc.constantFrom('marketing', 'other'),
    state: fc.constantFrom('granted' as const, 'refused' as const, 'unknown' as const),
  }),
);

export const randomRule: fc.Arbitrary<SegmentRule> = fc.letrec<{ rule: SegmentRule }>((tie) => ({
  rule: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    { weight: 5, arbitrary: condition },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom('all' as const, 'any' as const),
        of: fc.array(tie('rule'), { maxLength: 3 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('not' as const), of: tie('rule') }) },
  ),
})).rule;
