import type { RuleWindow, SegmentCondition, SegmentRule, ValueTest } from '@zhiyin/contract';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/use-formats.ts';
import { isRuleGroup } from './builder/rule-draft.ts';
import { useEventName } from './builder/use-event-name.ts';

/** Names of what conditions refer to by number. */
export type RuleNames = { readonly segments: ReadonlyMap<number, string>; readonly lists: ReadonlyMap<number, string> };
const noNames: RuleNames = { segments: new Map(), lists: new Map() };

/** A rule, or a part of one, as people say it: `bought · at least 2 times · in the last 30 days`. */
export function useRuleSentence(names: RuleNames = noNames) {
  const { t } = useTranslation('segments');
  const formats = useFormats();
  const eventName = useEventName();

  const windowOf = useCallback(
    (window: RuleWindow): string => {
      switch (window.kind) {
        case 'last':
          return t('say.last', { amount: window.amount, unit: t(`unit.${window.unit}`) });
        case 'ago':
          return t('say.ago', { from: window.from ?? '∞', to: window.to, unit: t(`unit.${window.unit}`) });
        case 'calendar':
          return t(`period.${window.period}`);
        case 'since':
          return t('say.since', { date: formats.date(window.date) });
        case 'before':
          return t('say.before', { date: formats.date(window.date) });
        case 'between':
          return t('say.between', { from: formats.date(window.from), to: formats.date(window.to) });
        case 'ever':
          return '';
      }
    },
    [t, formats],
  );
  const testOf = useCallback(
    (test: ValueTest): string => {
      const word = t(`op.any.${test.op}`);
      if ('values' in test) return `${word} ${test.values.map(String).join(t('say.or'))}`;
      if ('text' in test) return `${word} “${test.text}”`;
      if ('window' in test) return `${word} ${windowOf(test.window)}`.trim();
      if (test.op === 'between') return `${word} ${formats.count(test.from)}–${formats.count(test.to)}`;
      if (test.op === 'in_next') return `${word} ${test.amount} ${t(`unit.${test.unit}`)}`;
      if ('value' in test)
        return `${word} ${typeof test.value === 'number' ? formats.count(test.value) : String(test.value)}`;
      return word;
    },
    [t, formats, windowOf],
  );
  const conditionOf = useCallback(
    (condition: SegmentCondition): string => {
      const parts = (...words: readonly string[]) => words.filter(Boolean).join(' · ');
      const member = (isIn: boolean) => t(`membership.${isIn ? 'in' : 'out'}`);
      switch (condition.kind) {
        case 'event': {
          const { measure, test, event, window, where } = condition;
          const counts = measure.of === 'count' && 'value' in test;
          const isNot = counts && (test.op === 'at_most' || test.op === 'is') && test.value === 0;
          const isOnce = counts && test.op === 'at_least' && test.value === 1;
          const wheres = where.map((one) => `${one.property} ${testOf(one.test)}`);
          const property = 'property' in measure && measure.property ? measure.property : '';
          const measured =
            measure.of === 'count'
              ? `${testOf(test)} ${t('builder.times')}`
              : [t(`measure.${measure.of}`), property, testOf(test)].filter(Boolean).join(' ');
          return parts(
            t(isNot ? 'say.didNot' : 'say.did', { event: eventName(event) }),
            isNot || isOnce ? '' : measured,
            windowOf(window),
            ...wheres,
          );
        }
        case 'purchase':
          return parts(
            `${t(`purchase.${condition.measure}`)} ${testOf(condition.test)}`,
            windowOf(condition.window),
            ...condition.where.map((one) => `${one.property} ${testOf(one.test)}`),
          );
        case 'trait':
          return `${condition.trait} ${testOf(condition.test)}`;
        case 'computed':
          return `${condition.name} ${testOf(condition.test)}`;
        case 'place':
          return `${t(`place.${condition.level}`)} ${testOf(condition.test)}`;
        case 'consent':
          return `${t(`consent.${condition.state}`)} · ${condition.purpose}`;
        case 'segment':
          return `${member(condition.in)} ${t('kind.segment')} “${names.segments.get(condition.segmentId) ?? condition.segmentId}”`;
        case 'list':
          return `${member(condition.in)} ${t('kind.list')} “${names.lists.get(condition.listId) ?? condition.listId}”`;
        case 'tag':
          return `${member(condition.in)} ${t('kind.tag')} “${condition.tag}”`;
        case 'cohort':
          return parts(t(`cohort.${condition.by}`), windowOf(condition.window));
        case 'bucket':
          return t('say.bucket', { from: condition.from, to: condition.to });
        case 'sequence':
          return parts(
            `${t(`sequence.${condition.did ? 'did' : 'did_not'}`)} ${condition.steps.map((step) => eventName(step.event)).join(' → ')}`,
            windowOf(condition.window),
          );
        case 'funnel':
          return parts(
            t('say.funnel', {
              reached: condition.reached,
              steps: condition.steps.map((step) => eventName(step.event)).join(' → '),
            }),
            windowOf(condition.window),
          );
      }
    },
    [t, eventName, testOf, windowOf, names],
  );
  const sentenceOf = useCallback(
    (rule: SegmentRule): string => {
      if (rule.kind === 'not') return t('say.not', { what: sentenceOf(rule.of) });
      if (!isRuleGroup(rule)) return conditionOf(rule);
      const inner = rule.of.map((one) =>
        isRuleGroup(one) && rule.of.length > 1 ? `(${sentenceOf(one)})` : sentenceOf(one),
      );
      return inner.join(t(rule.kind === 'all' ? 'say.andAlso' : 'say.orElse')) || t('say.everybody');
    },
    [t, conditionOf],
  );
  return { sentenceOf, conditionOf };
}
