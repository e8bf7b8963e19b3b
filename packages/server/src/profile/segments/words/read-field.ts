import type { RuleScalar, SegmentRuleInput, SegmentVocabulary, ValueTest } from '@zhiyin/contract';
import { openReader, type Reader, withoutFillers, wordPattern } from './open-reader.ts';
import { takeNumber } from './read-number.ts';
import { spokenComputed, spokenTraits } from './spoken-names.ts';
import { takeWindow } from './take-window.ts';

type Field = SegmentVocabulary['traits'][number];
type Target = {
  readonly words: string;
  readonly field: Field;
  readonly rule: (test: ValueTest) => SegmentRuleInput;
};
const levels = ['city', 'region', 'country'] as const;

/** Traits, computed traits and places: `城市是上海`, `churn probability over 70%`, `lives in Shanghai`. */
export function readField(reader: Reader, vocabulary: SegmentVocabulary): SegmentRuleInput | undefined {
  const place = readPlace(reader, vocabulary);
  if (place) return place;
  for (const { words, field, rule } of targetsOf(vocabulary)) {
    const match = new RegExp(wordPattern(words), 'i').exec(reader.rest());
    if (!match) continue;
    const before = reader.rest().slice(0, match.index).trim();
    const after = reader.rest().slice(match.index + match[0].length);
    const test = readTest(before, after, field);
    if (!test) continue;
    reader.take(/^.*$/s);
    return rule(test);
  }
  return undefined;
}

/** The brand's own names and words for them, the longest first. */
function targetsOf(vocabulary: SegmentVocabulary): Target[] {
  const traitRule = (trait: string) => (test: ValueTest) => ({ kind: 'trait' as const, trait, test });
  const computedRule = (name: string) => (test: ValueTest) => ({ kind: 'computed' as const, name, test });
  const targets: Target[] = [];
  for (const field of vocabulary.traits) {
    for (const words of spellings(field.name)) targets.push({ words, field, rule: traitRule(field.name) });
  }
  for (const field of vocabulary.computed) {
    for (const words of spellings(field.name)) targets.push({ words, field, rule: computedRule(field.name) });
  }
  for (const { words, name } of spokenComputed) {
    const field = vocabulary.computed.find((one) => one.name === name) ?? { name, type: 'number' as const, values: [] };
    for (const word of words) targets.push({ words: word, field, rule: computedRule(name) });
  }
  for (const { words, names } of spokenTraits) {
    const field = names.flatMap((name) => vocabulary.traits.find((one) => one.name === name) ?? [])[0];
    const level = levels.find((one) => one === names[0]);
    if (!field && !level) continue;
    const found = field ?? { name: level!, type: 'text' as const, values: vocabulary.places[level!] };
    const rule = field ? traitRule(field.name) : placeRule(level!);
    for (const word of words) targets.push({ words: word, field: found, rule });
  }
  return targets.toSorted((a, b) => b.words.length - a.words.length);
}

const placeRule = (level: (typeof levels)[number]) => (test: ValueTest) => ({ kind: 'place' as const, level, test });
const spellings = (name: string): string[] => [...new Set([name, name.replaceAll(/[_.]/g, ' ')])];

/** A place that somebody is from, said without its level: the smallest that the brand knows by this name. */
function readPlace(reader: Reader, vocabulary: SegmentVocabulary): SegmentRuleInput | undefined {
  const said =
    /^(.*?)(?:居住在|住在|来自|位于|常住|\b(?:liv(?:es?|ing) in|based in|located in|comes? from|(?:people|customers|users)\s+(?:in|from)|from)\b)(.+)$/is.exec(
      reader.rest(),
    );
  if (!said) return undefined;
  const isNot = /不|没|\b(?:not|n't|doesn't|don't)\b/i.test(said[1]!);
  if (withoutFillers(said[1]!.replace(/不是|不|没有|\b(?:do(?:es)? not|don't|doesn't|not)\b/gi, ' ')) !== '')
    return undefined;
  for (const level of levels) {
    const own = vocabulary.traits.find(({ name }) => name === level);
    const known = [...(own?.values ?? []), ...vocabulary.places[level]].map(({ value }) => value);
    const values = valuesOf(said[2]!).map((value) => findKnown(value, known));
    if (values.length === 0 || values.some((value) => value === undefined)) continue;
    reader.take(/^.*$/s);
    const test = choose(values as string[], isNot);
    return own ? { kind: 'trait', trait: level, test } : placeRule(level)(test);
  }
  return undefined;
}

const isNotWords = /^\s*(?:不是|不为|不等于|!=|≠|\b(?:is not|isn't|are not|is none of)\b)/i;
const isWords = /^\s*(?:是|为|等于|属于|=|:|\b(?:is one of|is|are|equals)\b)/i;

function readTest(before: string, after: string, field: Field): ValueTest | undefined {
  const lead = withoutFillers(
    before.replace(/没有填写|没有|未填写|填写了?|\b(?:no|without|(?:does not|doesn't|do not|don't) have)\b/gi, ' '),
  );
  if (lead !== '') return undefined;
  const hasNo = /没有|未填写|\b(?:no|without|not|n't|doesn't|don't)\b/i.test(before);
  const rest = after.trim();
  if (withoutFillers(rest) === '') {
    if (hasNo) return { op: 'missing' };
    return /有|填写|\b(?:has|have|with)\b/i.test(before) ? { op: 'exists' } : undefined;
  }
  if (hasNo) return undefined;
  if (/^(?:为空|未知|未填写|缺失|is (?:missing|empty|unknown|not known))的?/i.test(rest)) return { op: 'missing' };
  if (/^(?:不为空|已填写|已知|is (?:known|set))/i.test(rest)) return { op: 'exists' };
  const contains = /^(不包含|不含|包含|含有|does not contain|doesn't contain|contains|starts with)\s*(.+)$/is.exec(
    rest,
  );
  if (contains) {
    const [text] = valuesOf(contains[2]!);
    if (!text) return undefined;
    const word = contains[1]!.toLowerCase();
    return { op: /不|not|n't/.test(word) ? 'not_contains' : word === 'starts with' ? 'starts_with' : 'contains', text };
  }
  if (field.type === 'date') {
    const reader = openReader(rest.replace(isWords, ' '));
    const time = takeWindow(reader);
    return time && reader.isEmpty() ? { op: 'within', window: time.window } : undefined;
  }
  if (field.type === 'number') return readNumberTest(rest, field);
  const isNot = isNotWords.test(rest);
  if (!isNot && !isWords.test(rest)) return undefined;
  const known = field.values.map(({ value }) => value);
  const values = valuesOf(rest.replace(isNot ? isNotWords : isWords, '')).map((value) =>
    readValue(value, field, known),
  );
  if (values.length === 0 || values.some((value) => value === undefined)) return undefined;
  return choose(values as RuleScalar[], isNot);
}

/** `70%` of a probability is 0.7; 70 of one is not a probability. */
function readNumberTest(rest: string, { name }: Field): ValueTest | undefined {
  const reader = openReader(rest);
  const found = takeNumber(reader, 'plain') ?? takeNumber(reader, 'money');
  if (!found || !reader.isEmpty()) return undefined;
  const scale = found.isPercent ? 100 : 1;
  const isProbability = /probability|share|rate$/.test(name);
  const { test } = found;
  const ends = 'from' in test ? [test.from, test.to as number] : 'value' in test ? [test.value as number] : [];
  if (isProbability && ends.some((end) => end / scale > 1)) return undefined;
  if ('from' in test) return { op: 'between', from: test.from / scale, to: (test.to as number) / scale };
  return 'value' in test ? ({ ...test, value: (test.value as number) / scale } as ValueTest) : undefined;
}

const choose = (values: RuleScalar[], isNot: boolean): ValueTest =>
  values.length === 1
    ? { op: isNot ? 'is_not' : 'is', value: values[0]! }
    : { op: isNot ? 'none_of' : 'one_of', values };

const valuesOf = (text: string): string[] =>
  text
    .replace(/的?(?:人群|人们|人|用户|客户|顾客|会员)?\s*$/, '')
    .split(/[、/]|\s*,\s*/)
    .map((value) => value.replaceAll(/^[\s"“「『']+|[\s"”」』'.]+$/g, ''))
    .filter((value) => value !== '');

/** As the brand writes it: `shanghai` is `Shanghai`, `上海` is `上海市` where only that is known. */
function findKnown(value: string, known: readonly string[]): string | undefined {
  const same = known.find((one) => one.toLowerCase() === value.toLowerCase());
  return same ?? known.find((one) => [`${value}市`, `${value}省`].includes(one));
}

/** Not known to the brand: taken as it is written when it can be nothing but a value. */
function readValue(value: string, field: Field, known: readonly string[]): RuleScalar | undefined {
  const found = findKnown(value, known);
  if (field.type === 'boolean') {
    if (/^(?:是|真|true|yes)$/i.test(value)) return true;
    return /^(?:否|假|false|no)$/i.test(value) ? false : undefined;
  }
  if (found !== undefined) return found;
  const isLong = value.length > 40 || value.split(/\s+/).length > 3;
  const saysMore =
    /[近没未不过次]|购买|浏览|消费|\d+\s*(?:天|月|年|days?|times?)|\b(?:not|in the|bought|last|with|people)\b/i.test(
      value,
    );
  return isLong || saysMore ? undefined : value;
}

/** `上海或杭州`: the value after an or belongs to the condition before it. */
export function addValue(test: ValueTest, text: string, known: readonly string[]): ValueTest | undefined {
  const values = valuesOf(text).map((value) => findKnown(value, known));
  if (values.length === 0 || values.some((value) => value === undefined)) return undefined;
  const more = values as string[];
  if (test.op === 'is' || test.op === 'is_not')
    return { op: test.op === 'is' ? 'one_of' : 'none_of', values: [test.value, ...more] };
  return test.op === 'one_of' || test.op === 'none_of' ? { ...test, values: [...test.values, ...more] } : undefined;
}
