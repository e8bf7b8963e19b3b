import type { RuleScalar, SegmentVocabulary, ValueOp, ValueTest } from '@zhiyin/contract';
import { Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../../format/use-formats.ts';
import styles from './builder.module.css';
import { DurationFields, WindowFields } from './window-fields.tsx';

export type FieldType = SegmentVocabulary['traits'][number]['type'];
type KnownValues = SegmentVocabulary['traits'][number]['values'];

const numberOps: readonly ValueOp[] = ['at_least', 'at_most', 'more', 'less', 'is', 'is_not', 'between'];
const opsOf: Readonly<Record<FieldType, readonly ValueOp[]>> = {
  text: ['one_of', 'none_of', 'contains', 'not_contains', 'starts_with', 'exists', 'missing'],
  number: [...numberOps, 'exists', 'missing'],
  boolean: ['is', 'exists', 'missing'],
  date: ['within', 'not_within', 'in_next', 'exists', 'missing'],
  list: ['has', 'has_not', 'exists', 'missing'],
};

type Props = {
  readonly test: ValueTest;
  readonly onChange: (test: ValueTest) => void;
  readonly type: FieldType;
  readonly values?: KnownValues;
  /** Of a number that counts something there always is one. */
  readonly isCount?: boolean;
  readonly unit?: string;
};

/** `is one of Shanghai, Hangzhou`: what a value is held against, in the words of its type. */
export function ValueTestFields({ test, onChange, type, values = [], isCount = false, unit }: Props) {
  const { t } = useTranslation('segments');
  const ops = isCount ? numberOps : opsOf[type];
  // A rule written elsewhere may use another test than this type offers: it is shown and can be changed.
  const offered = ops.includes(test.op) ? ops : [test.op, ...ops];
  return (
    <>
      <Select
        className={styles.short!}
        aria-label={t('builder.test')}
        value={test.op}
        options={offered.map((value) => ({
          value,
          label: t(`op.${type}.${value}`, { defaultValue: t(`op.any.${value}`) }),
        }))}
        onChange={(op) => onChange(changeOp(test, op, type))}
        popupMatchSelectWidth={false}
      />
      <TestValue test={test} onChange={onChange} type={type} values={values} />
      {unit && !('window' in test) ? <span className={styles.word}>{unit}</span> : null}
    </>
  );
}

function TestValue({ test, onChange, type, values }: Required<Pick<Props, 'test' | 'onChange' | 'type' | 'values'>>) {
  const { t } = useTranslation('segments');
  const formats = useFormats();
  const options = values.map(({ value, people }) => ({ value, label: `${value} (${formats.compact(people)})` }));
  switch (test.op) {
    case 'one_of':
    case 'none_of':
      return (
        <Select
          mode="tags"
          className={styles.values!}
          aria-label={t('builder.values')}
          placeholder={t('builder.values')}
          value={test.values.map(String)}
          options={options}
          labelRender={({ value }) => value}
          tokenSeparators={[',', '，', '、']}
          popupMatchSelectWidth={false}
          onChange={(chosen: string[]) => onChange({ ...test, values: chosen })}
        />
      );
    case 'contains':
    case 'not_contains':
    case 'starts_with':
      return (
        <Input
          className={styles.text!}
          aria-label={t('builder.value')}
          value={test.text}
          maxLength={500}
          onChange={(event) => onChange({ ...test, text: event.target.value })}
        />
      );
    case 'more':
    case 'less':
    case 'at_least':
    case 'at_most':
      return <NumberField value={test.value} onChange={(value) => onChange({ ...test, value })} />;
    case 'is':
    case 'is_not':
    case 'has':
    case 'has_not':
      if (type === 'number') {
        return <NumberField value={Number(test.value)} onChange={(value) => onChange({ ...test, value })} />;
      }
      if (type === 'boolean') {
        return (
          <Select
            className={styles.short!}
            aria-label={t('builder.value')}
            value={String(test.value)}
            options={['true', 'false'].map((value) => ({ value, label: t(`boolean.${value}`) }))}
            onChange={(value) => onChange({ ...test, value: value === 'true' })}
          />
        );
      }
      return (
        <Select
          showSearch
          className={styles.values!}
          aria-label={t('builder.value')}
          value={String(test.value) || null}
          mode="tags"
          maxCount={1}
          options={options}
          onChange={(chosen: string[] | string) => onChange({ ...test, value: String([chosen].flat()[0] ?? '') })}
        />
      );
    case 'between':
      return (
        <>
          <NumberField value={test.from} onChange={(from) => onChange({ ...test, from })} />
          <span className={styles.word}>{t('builder.and')}</span>
          <NumberField value={test.to} onChange={(to) => onChange({ ...test, to })} />
        </>
      );
    case 'within':
    case 'not_within':
      return <WindowFields window={test.window} onChange={(window) => onChange({ ...test, window })} />;
    case 'in_next':
      return <DurationFields duration={test} onChange={(duration) => onChange({ ...test, ...duration })} />;
    default:
      return null;
  }
}

export function NumberField({
  value,
  onChange,
  min,
  max,
}: {
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly min?: number;
  readonly max?: number;
}) {
  const { t } = useTranslation('segments');
  return (
    <InputNumber
      className={styles.number!}
      aria-label={t('builder.value')}
      value={Number.isFinite(value) ? value : null}
      {...(min === undefined ? {} : { min })}
      {...(max === undefined ? {} : { max })}
      onChange={(next) => {
        if (next !== null) onChange(next);
      }}
    />
  );
}

/** The next test keeps of the value what it can use. */
function changeOp(test: ValueTest, op: ValueOp, type: FieldType): ValueTest {
  const scalar: RuleScalar =
    'value' in test ? test.value : 'values' in test ? (test.values[0] ?? '') : 'text' in test ? test.text : '';
  const number = Number.isFinite(Number(scalar)) && scalar !== '' ? Number(scalar) : 1;
  switch (op) {
    case 'one_of':
    case 'none_of':
      return { op, values: 'values' in test ? test.values : scalar === '' ? [] : [scalar] };
    case 'contains':
    case 'not_contains':
    case 'starts_with':
      return { op, text: String(scalar) };
    case 'more':
    case 'less':
    case 'at_least':
    case 'at_most':
      return { op, value: number };
    case 'is':
    case 'is_not':
    case 'has':
    case 'has_not':
      return { op, value: type === 'number' ? number : type === 'boolean' ? true : scalar };
    case 'between':
      return { op, from: number, to: number + 1 };
    case 'within':
    case 'not_within':
      return { op, window: 'window' in test ? test.window : { kind: 'last', amount: 30, unit: 'days' } };
    case 'in_next':
      return { op, amount: 7, unit: 'days' };
    default:
      return { op };
  }
}
