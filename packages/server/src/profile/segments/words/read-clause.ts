import {
  type RuleWindow,
  type SegmentRule,
  type SegmentRuleInput,
  type SegmentVocabulary,
  segmentRuleSchema,
  type ValueTest,
} from '@zhiyin/contract';
import { openReader, type Reader, wordPattern } from './open-reader.ts';
import { readField } from './read-field.ts';
import { takeNumber } from './read-number.ts';
import { ownNamesOfSignUp, spokenEvents, spokenGroups, spokenPurposes, spokenSignUp } from './spoken-names.ts';
import { takeTimeWithout, takeWindow } from './take-window.ts';

type Named = { readonly id: number; readonly name: string };
/** What a sentence can speak of. */
export type SpokenVocabulary = SegmentVocabulary & {
  /** What sums of rules are in. */
  readonly currency: string;
  readonly segments: readonly Named[];
  readonly lists: readonly Named[];
  readonly tags: readonly string[];
};

type ReadClause = {
  /** Undefined for a time alone: it is the time of what follows. */
  readonly rule: SegmentRule | undefined;
  /** A time before the verb is the time of the clauses after it too. */
  readonly carried?: RuleWindow;
};

const negation =
  /从来没有?|从没有?|从未|并没有?|没有|没|未曾|未|不曾|不是|不在|不属于|\b(?:(?:did|do|does|has|have|had|was|were|is|are)(?:\s+not|n't)|never|not|without|haven't|didn't)\b(?:\s+ever\b)?/i;

/** One condition; undefined when a word of the clause is not understood, however much of the rest is. */
export function readClause(
  text: string,
  vocabulary: SpokenVocabulary,
  carried: RuleWindow | undefined,
): ReadClause | undefined {
  for (const read of [readMembership, readConsent, readGroup, readField]) {
    const reader = openReader(text);
    const rule = check(read(reader, vocabulary));
    if (rule && reader.isEmpty()) return { rule };
  }
  return readDoing(text, vocabulary, carried);
}

function check(rule: SegmentRuleInput | undefined): SegmentRule | undefined {
  const parsed = rule && segmentRuleSchema.safeParse(rule);
  return parsed?.success ? parsed.data : undefined;
}

const moneyWords = /[￥¥$€元块]|人民币|\b(?:yuan|rmb|cny|usd|dollars?|euros?)\b/i;

const quotes = `["“「『]([^"”」』]+)["”」』]`;

const currencies: readonly [words: RegExp, codes: string][] = [
  [/人民币|\b(?:yuan|rmb|cny)\b/i, 'CNY'],
  [/[￥¥]/, 'CNY JPY'],
  [/\$|\bdollars?\b/i, 'USD CAD AUD NZD HKD SGD TWD'],
  [/\busd\b/i, 'USD'],
  [/€|\beuros?\b/i, 'EUR'],
];
const namesOtherCurrency = (text: string, own: string): boolean =>
  currencies.some(([words, codes]) => words.test(text) && !codes.split(' ').includes(own));

/** Segments, lists and tags by their names. */
function readMembership(reader: Reader, vocabulary: SpokenVocabulary): SegmentRuleInput | undefined {
  const kinds = [
    { kind: 'segment', words: '分群|segment', names: vocabulary.segments.map(({ name }) => name) },
    { kind: 'list', words: '名单|列表|list', names: vocabulary.lists.map(({ name }) => name) },
    { kind: 'tag', words: '标签|tagged|tag', names: vocabulary.tags },
  ] as const;
  for (const { kind, words, names } of kinds) {
    const known = names.toSorted((a, b) => b.length - a.length).map(wordPattern);
    const name = `(?:${quotes}${known.length > 0 ? `|(${known.join('|')})` : ''})`;
    const said = reader.take(
      new RegExp(`(?:${words})\\s*(?:是|为|有|with|as|called|of)?\\s*[:：]?\\s*${name}|${name}\\s*(?:${words})`, 'i'),
    );
    if (!said) continue;
    const wanted = said.slice(1).find((part) => part !== undefined);
    const found = names.find((one) => one.toLowerCase() === wanted?.trim().toLowerCase());
    if (found === undefined) return undefined;
    const isIn = reader.take(negation) === null;
    reader.take(/属于|被打上|打上|打了|\b(?:belongs?|members?|people)\b/i);
    if (kind === 'tag') return { kind, tag: found, in: isIn };
    const { id } = vocabulary[kind === 'segment' ? 'segments' : 'lists'].find((one) => one.name === found)!;
    return kind === 'segment' ? { kind, segmentId: id, in: isIn } : { kind, listId: id, in: isIn };
  }
  return undefined;
}

function readConsent(reader: Reader, { consents }: SpokenVocabulary): SegmentRuleInput | undefined {
  const never = reader.take(/从未表态|没有表态|未表态|\bnever asked(?: for)?\b/i);
  const refused =
    !never && reader.take(/拒绝(?:接收|了)?|退订|\b(?:refused|declined|opted out of|unsubscribed from)\b/i);
  const hasNot = !never && !refused && reader.take(negation);
  const granted =
    !never && !refused && reader.take(/同意(?:接收)?|授权(?:接收)?|\b(?:consent(?:ed)?|agreed?|opted in)(?:\s+to)?\b/i);
  if (!never && !refused && !granted) return undefined;
  const own = consents.find((one) => reader.rest().toLowerCase().includes(one.toLowerCase()));
  const spoken = spokenPurposes.find(
    ({ words, names }) => new RegExp(words, 'i').test(reader.rest()) && names.some((one) => consents.includes(one)),
  );
  const purpose = own ?? spoken?.names.find((one) => consents.includes(one));
  if (purpose === undefined) return undefined;
  reader.take(new RegExp(own ? wordPattern(own) : spoken!.words, 'i'));
  reader.take(/消息|信息|通知|\b(?:messages?|receiving|consent)\b/i);
  const condition = {
    kind: 'consent',
    purpose,
    state: never ? 'unknown' : refused ? 'refused' : 'granted',
  } as const;
  return hasNot ? { kind: 'not', of: condition } : condition;
}

function readGroup(reader: Reader): SegmentRuleInput | undefined {
  for (const { trait, group, words } of spokenGroups) {
    if (!reader.take(new RegExp(wordPattern(words), 'i'))) continue;
    reader.take(/RFM\s*(?:分组|分层|group)?|\bgroup\b|客户/i);
    const isNot = reader.take(negation) !== null;
    reader.take(/属于|是|为|:/);
    return { kind: 'computed', name: trait, test: { op: isNot ? 'is_not' : 'is', value: group } };
  }
  return undefined;
}

/** What people did or did not: when, how often, for how much. */
function readDoing(
  text: string,
  vocabulary: SpokenVocabulary,
  carried: RuleWindow | undefined,
): ReadClause | undefined {
  const reader = openReader(text);
  const time = takeWindow(reader);
  if (time && reader.isEmpty()) return { rule: undefined, carried: time.window };
  const cohort = reader.take(
    /首次(?:下单|购买)|首单|第一次(?:下单|购买)|首次(?:来访|访问)|第一次(?:来访|访问)|\b(?:first (?:ordered|bought|order|purchase)|first (?:seen|visit(?:ed)?))\b/i,
  );
  if (cohort) {
    const by = /单|买|order|bought|purchase/i.test(cohort[0]) ? 'first_order' : 'first_seen';
    const rule = check(time && { kind: 'cohort', by, window: time.window });
    return rule && reader.isEmpty() ? { rule } : undefined;
  }
  const inactive = reader.take(/不活跃|\binactive\b/i);
  const spent = reader.take(/(?:累计|总)?(?:消费|花费|花了)(?:金额|总额)?|\b(?:spent|spend|spending)\b/i);
  const isNot = (inactive !== null) !== (reader.take(negation) !== null);
  const event = inactive ? '*' : spent ? undefined : takeEvent(reader, vocabulary);
  const without = isNot && event !== undefined && !time ? takeTimeWithout(reader) : undefined;
  const isMoney = spent !== null || moneyWords.test(reader.rest());
  if (isMoney && namesOtherCurrency(text, vocabulary.currency)) return undefined;
  const money = isMoney ? takeNumber(reader, 'money') : undefined;
  const count = isMoney ? undefined : takeNumber(reader, 'times');
  const window = without ??
    time?.window ??
    (spent && /累计|总/.test(spent[0]) ? undefined : carried) ?? { kind: 'ever' as const };
  const where = event === 'order_completed' ? takeBought(reader, vocabulary) : undefined;
  const body = bodyOf({ event, where, money: money?.test, isSpent: Boolean(spent), window });
  if (!body || (isMoney && !money)) return undefined;
  const test = money?.test ?? count?.test;
  const rule = check(
    isNot && test
      ? { kind: 'not', of: { ...body, test } }
      : { ...body, test: test ?? (isNot ? { op: 'is', value: 0 } : { op: 'at_least', value: 1 }) },
  );
  if (!rule || !reader.isEmpty()) return undefined;
  // What did not happen for a while says nothing of the time of anything else.
  const leads = time && time.index <= leadingMost(text) && !(isNot && event === '*');
  return leads ? { rule, carried: time.window } : { rule };
}

const leadingMost = (text: string): number => text.length - text.trimStart().length + 2;

type Body = Extract<SegmentRuleInput, { kind: 'event' } | { kind: 'purchase' }>;
type Doing = {
  readonly event: string | undefined;
  readonly where: { property: 'item_name' | 'category'; test: ValueTest } | undefined;
  readonly money: ValueTest | undefined;
  readonly isSpent: boolean;
  readonly window: RuleWindow;
};

function bodyOf({ event, where, money, isSpent, window }: Doing): Body | undefined {
  if (isSpent) return { kind: 'purchase', measure: 'spent', window };
  if (event === undefined) return undefined;
  if (money) {
    const measure = { order_completed: 'spent', order_refunded: 'refunded' }[event] as 'spent' | 'refunded' | undefined;
    return measure && { kind: 'purchase', measure, window, where: where ? [where] : [] };
  }
  return where ? { kind: 'purchase', where: [where], window } : { kind: 'event', event, window };
}

function takeEvent(reader: Reader, vocabulary: SpokenVocabulary): string | undefined {
  const known = vocabulary.events.map(({ name }) => name);
  for (const name of known.toSorted((a, b) => b.length - a.length)) {
    const spelled = `["“「]?(?:${wordPattern(name)}|${wordPattern(name.replaceAll(/[_.-]/g, ' '))})["”」]?`;
    if (reader.take(new RegExp(`(?:做过|发生过?|触发过?)?\\s*${spelled}`, 'i'))) return name;
  }
  if (reader.take(new RegExp(`${spokenSignUp.zh}|\\b(?:${spokenSignUp.en})\\b`, 'i'))) {
    const spell = (name: string) => name.toLowerCase().replaceAll(/[\s_.-]/g, '');
    return ownNamesOfSignUp
      .map((wanted) => known.find((name) => spell(name) === spell(wanted)))
      .find((name) => name !== undefined);
  }
  return spokenEvents.find(({ zh, en }) => reader.take(new RegExp(`${zh}|\\b(?:${en})\\b`, 'i')))?.event;
}

/** `买过茶具`: a category or an item that the brand has. */
function takeBought(reader: Reader, { purchase }: SpokenVocabulary): Doing['where'] {
  for (const property of ['category', 'item_name'] as const) {
    const values = purchase.find(({ name }) => name === property)?.values ?? [];
    for (const { value } of values.toSorted((a, b) => b.value.length - a.value.length)) {
      if (value !== '' && reader.take(new RegExp(`["“「]?${wordPattern(value)}["”」]?`, 'i')))
        return { property, test: { op: 'is', value } };
    }
  }
  return undefined;
}
