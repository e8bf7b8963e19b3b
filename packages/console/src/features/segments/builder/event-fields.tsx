import type { EventMeasure, SegmentCondition } from '@zhiyin/contract';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import styles from './builder.module.css';
import { ChooseEvent, ChooseField } from './choose-name.tsx';
import { ValueTestFields } from './value-test-fields.tsx';
import { useVocabulary } from './vocabulary-context.ts';
import { WhereFields } from './where-fields.tsx';
import { WindowFields } from './window-fields.tsx';

type Event = Extract<SegmentCondition, { kind: 'event' }>;
type Props = { readonly condition: Event; readonly onChange: (condition: SegmentCondition) => void };

const did: Event['test'] = { op: 'at_least', value: 1 };
const didNot: Event['test'] = { op: 'at_most', value: 0 };
const measures: readonly EventMeasure['of'][] = [
  'count',
  'sum',
  'average',
  'min',
  'max',
  'distinct',
  'days',
  'first',
  'last',
];

/** `bought · at least 2 times · in the last 30 days`. */
export function EventFields({ condition, onChange }: Props) {
  const { t } = useTranslation('segments');
  const { known } = useVocabulary();
  const { event, measure, test, where, window } = condition;
  const asDid = isDid(condition);
  const properties = known?.events.find(({ name }) => name === event)?.properties ?? [];
  const property = 'property' in measure ? (measure.property ?? '') : null;
  const field = properties.find(({ name }) => name === property);
  return (
    <>
      <Select
        className={styles.short!}
        aria-label={t('builder.didLabel')}
        value={asDid}
        options={(['did', 'did_not', 'measure'] as const).map((value) => ({ value, label: t(`did.${value}`) }))}
        onChange={(next) =>
          onChange({
            ...condition,
            measure: { of: 'count' },
            test: next === 'did' ? did : next === 'did_not' ? didNot : { op: 'at_least', value: 2 },
          })
        }
        popupMatchSelectWidth={false}
      />
      <ChooseEvent value={event} onChange={(next) => onChange({ ...condition, event: next })} />
      {asDid === 'measure' ? (
        <>
          <Select
            className={styles.short!}
            aria-label={t('builder.measure')}
            value={measure.of}
            options={measures.map((value) => ({ value, label: t(`measure.${value}`) }))}
            onChange={(of) => onChange({ ...condition, ...firstMeasure(of, property ?? '') })}
            popupMatchSelectWidth={false}
          />
          {property !== null && measure.of !== 'first' && measure.of !== 'last' ? (
            <ChooseField
              label={t('builder.property')}
              value={property}
              names={properties.map(({ name }) => name)}
              onChange={(next) => onChange({ ...condition, measure: { ...measure, property: next } as EventMeasure })}
            />
          ) : null}
          <ValueTestFields
            type={measure.of === 'first' || measure.of === 'last' ? 'date' : 'number'}
            isCount={measure.of !== 'first' && measure.of !== 'last'}
            values={field?.values ?? []}
            {...(measure.of === 'count' ? { unit: t('builder.times') } : {})}
            test={test}
            onChange={(next) => onChange({ ...condition, test: next })}
          />
        </>
      ) : null}
      <WindowFields window={window} onChange={(next) => onChange({ ...condition, window: next })} />
      <WhereFields event={event} where={where} onChange={(next) => onChange({ ...condition, where: next })} />
    </>
  );
}

function isDid({ measure, test }: Event): 'did' | 'did_not' | 'measure' {
  if (measure.of !== 'count' || !('value' in test)) return 'measure';
  if (test.op === 'at_least' && test.value === 1) return 'did';
  if ((test.op === 'at_most' || test.op === 'is') && test.value === 0) return 'did_not';
  return 'measure';
}

function firstMeasure(of: EventMeasure['of'], property: string): Pick<Event, 'measure' | 'test'> {
  if (of === 'count' || of === 'days') return { measure: { of }, test: { op: 'at_least', value: 2 } };
  if (of === 'first' || of === 'last') {
    return {
      measure: { of, property: null },
      test: { op: 'within', window: { kind: 'last', amount: 30, unit: 'days' } },
    };
  }
  return { measure: { of, property }, test: { op: 'at_least', value: 1 } };
}
