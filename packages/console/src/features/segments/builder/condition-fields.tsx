import { purchaseMeasures, type SegmentCondition } from '@zhiyin/contract';
import { Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../../components/workspace-context.ts';
import styles from './builder.module.css';
import { ChooseField } from './choose-name.tsx';
import { EventFields } from './event-fields.tsx';
import { FunnelFields, SequenceFields } from './steps-fields.tsx';
import { NumberField, ValueTestFields } from './value-test-fields.tsx';
import { useVocabulary } from './vocabulary-context.ts';
import { WindowFields } from './window-fields.tsx';

type Props = { readonly condition: SegmentCondition; readonly onChange: (condition: SegmentCondition) => void };
const money = new Set(['revenue', 'spent', 'refunded']);

/** A condition as a sentence whose words can be changed. */
export function ConditionFields({ condition, onChange }: Props) {
  const { t } = useTranslation('segments');
  const { currency } = useWorkspace();
  const { known, segments, lists, tags } = useVocabulary();
  switch (condition.kind) {
    case 'event':
      return <EventFields condition={condition} onChange={onChange} />;
    case 'sequence':
      return <SequenceFields condition={condition} onChange={onChange} />;
    case 'funnel':
      return <FunnelFields condition={condition} onChange={onChange} />;
    case 'purchase':
      return (
        <>
          <Select
            className={styles.short!}
            aria-label={t('builder.measure')}
            value={condition.measure}
            options={purchaseMeasures.map((value) => ({ value, label: t(`purchase.${value}`) }))}
            onChange={(measure) => onChange({ ...condition, measure })}
            popupMatchSelectWidth={false}
          />
          <ValueTestFields
            type="number"
            isCount
            {...(money.has(condition.measure) ? { unit: currency } : {})}
            test={condition.test}
            onChange={(test) => onChange({ ...condition, test })}
          />
          <WindowFields window={condition.window} onChange={(window) => onChange({ ...condition, window })} />
          <PurchaseWhere condition={condition} onChange={onChange} />
        </>
      );
    case 'trait': {
      const field = known?.traits.find(({ name }) => name === condition.trait);
      return (
        <>
          <ChooseField
            label={t('builder.trait')}
            value={condition.trait}
            names={(known?.traits ?? []).map(({ name }) => name)}
            onChange={(trait) => onChange({ ...condition, trait })}
          />
          <ValueTestFields
            type={field?.type ?? 'text'}
            values={field?.values ?? []}
            test={condition.test}
            onChange={(test) => onChange({ ...condition, test })}
          />
        </>
      );
    }
    case 'computed': {
      const field = known?.computed.find(({ name }) => name === condition.name);
      return (
        <>
          <ChooseField
            label={t('builder.computed')}
            value={condition.name}
            names={(known?.computed ?? []).map(({ name }) => name)}
            onChange={(name) => {
              const isText = known?.computed.find((one) => one.name === name)?.type === 'text';
              const wasNumber = 'value' in condition.test && typeof condition.test.value === 'number';
              onChange({
                ...condition,
                name,
                test: isText && wasNumber ? { op: 'one_of', values: [] } : condition.test,
              });
            }}
          />
          <ValueTestFields
            type={
              field?.type ?? ('value' in condition.test && typeof condition.test.value === 'number' ? 'number' : 'text')
            }
            values={field?.values ?? []}
            test={condition.test}
            onChange={(test) => onChange({ ...condition, test })}
          />
        </>
      );
    }
    case 'place':
      return (
        <>
          <Select
            className={styles.short!}
            aria-label={t('builder.level')}
            value={condition.level}
            options={(['country', 'region', 'city'] as const).map((value) => ({ value, label: t(`place.${value}`) }))}
            onChange={(level) => onChange({ ...condition, level })}
          />
          <ValueTestFields
            type="text"
            values={known?.places[condition.level] ?? []}
            test={condition.test}
            onChange={(test) => onChange({ ...condition, test })}
          />
        </>
      );
    case 'consent':
      return (
        <>
          <ChooseField
            label={t('builder.purpose')}
            value={condition.purpose}
            names={known?.consents ?? []}
            onChange={(purpose) => onChange({ ...condition, purpose })}
          />
          <Select
            className={styles.short!}
            aria-label={t('builder.state')}
            value={condition.state}
            options={(['granted', 'refused', 'unknown'] as const).map((value) => ({
              value,
              label: t(`consent.${value}`),
            }))}
            onChange={(state) => onChange({ ...condition, state })}
            popupMatchSelectWidth={false}
          />
        </>
      );
    case 'segment':
      return (
        <InOrOut
          isIn={condition.in}
          label={t('builder.segment')}
          value={condition.segmentId || null}
          options={segments.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(isIn, segmentId) => onChange({ ...condition, in: isIn, segmentId })}
        />
      );
    case 'list':
      return (
        <InOrOut
          isIn={condition.in}
          label={t('builder.list')}
          value={condition.listId || null}
          options={lists.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(isIn, listId) => onChange({ ...condition, in: isIn, listId })}
        />
      );
    case 'tag':
      return (
        <InOrOut
          isIn={condition.in}
          label={t('builder.tag')}
          value={condition.tag || null}
          options={tags.map(({ tag }) => ({ value: tag, label: tag }))}
          onChange={(isIn, tag) => onChange({ ...condition, in: isIn, tag })}
        />
      );
    case 'cohort':
      return (
        <>
          <Select
            className={styles.short!}
            aria-label={t('builder.cohort')}
            value={condition.by}
            options={(['first_seen', 'first_order'] as const).map((value) => ({ value, label: t(`cohort.${value}`) }))}
            onChange={(by) => onChange({ ...condition, by })}
            popupMatchSelectWidth={false}
          />
          <WindowFields window={condition.window} onChange={(window) => onChange({ ...condition, window })} />
        </>
      );
    case 'bucket':
      return (
        <>
          <span className={styles.word}>{t('builder.bucketFrom')}</span>
          <NumberField value={condition.from} min={0} max={100} onChange={(from) => onChange({ ...condition, from })} />
          <span className={styles.word}>{t('builder.bucketTo')}</span>
          <NumberField value={condition.to} min={0} max={100} onChange={(to) => onChange({ ...condition, to })} />
          <span className={styles.word}>{t('builder.bucketSalt')}</span>
          <Input
            className={styles.number!}
            aria-label={t('builder.bucketSalt')}
            value={condition.salt}
            maxLength={120}
            onChange={({ target }) => onChange({ ...condition, salt: target.value })}
          />
        </>
      );
  }
}

function PurchaseWhere({
  condition,
  onChange,
}: {
  readonly condition: Extract<SegmentCondition, { kind: 'purchase' }>;
  readonly onChange: Props['onChange'];
}) {
  const { t } = useTranslation('segments');
  const { known } = useVocabulary();
  const category = condition.where.find(({ property }) => property === 'category');
  const values = known?.purchase.find(({ name }) => name === 'category')?.values ?? [];
  const chosen = category && 'values' in category.test ? category.test.values.map(String) : [];
  const others = condition.where.filter((one) => one !== category);
  // Other tests than these come from rules that were written elsewhere: they stay as they are.
  if (category && !('values' in category.test)) return null;
  return (
    <>
      <span className={styles.word}>{t('builder.ofCategory')}</span>
      <Select
        mode="tags"
        className={styles.values!}
        aria-label={t('builder.ofCategory')}
        placeholder={t('builder.anyCategory')}
        value={chosen}
        options={values.map(({ value }) => ({ value, label: value }))}
        onChange={(next: string[]) =>
          onChange({
            ...condition,
            where:
              next.length > 0 ? [...others, { property: 'category', test: { op: 'one_of', values: next } }] : others,
          })
        }
      />
    </>
  );
}

function InOrOut<Value extends string | number>({
  isIn,
  label,
  value,
  options,
  onChange,
}: {
  readonly isIn: boolean;
  readonly label: string;
  readonly value: Value | null;
  readonly options: readonly { value: Value; label: string }[];
  readonly onChange: (isIn: boolean, value: Value) => void;
}) {
  const { t } = useTranslation('segments');
  return (
    <>
      <Select
        className={styles.short!}
        aria-label={t('builder.membership')}
        value={isIn ? 'in' : 'out'}
        options={(['in', 'out'] as const).map((one) => ({ value: one, label: t(`membership.${one}`) }))}
        onChange={(next) => onChange(next === 'in', (value ?? 0) as Value)}
        popupMatchSelectWidth={false}
      />
      <Select
        className={styles.name!}
        aria-label={label}
        placeholder={label}
        value={value}
        options={options as { value: Value; label: string }[]}
        showSearch={{ optionFilterProp: 'label' }}
        notFoundContent={t('builder.nothingThere')}
        popupMatchSelectWidth={false}
        onChange={(next) => onChange(isIn, next)}
      />
    </>
  );
}
