import { useQuery } from '@tanstack/react-query';
import type { ItemCondition } from '@zhiyin/contract';
import { InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { itemAttributesQuery } from '../../../api/recommend-surfaces.ts';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from './surface.module.css';

type Props = {
  readonly condition: ItemCondition;
  readonly onChange: (condition: ItemCondition) => void;
  readonly disabled: boolean;
  readonly isWrong: boolean;
};

/** `category is one of tea, cups`: attributes and values are those that the catalogue really has. */
export function ConditionFields({ condition, onChange, disabled, isWrong }: Props) {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  const { id } = useWorkspace();
  const attributes = useQuery(itemAttributesQuery(id));
  const known = attributes.data?.find((one) => one.attribute === condition.attribute);
  const isNumber = known?.type === 'number';
  const kinds: ItemCondition['is'][] = isNumber ? ['at_least', 'at_most', 'exists'] : ['in', 'not_in', 'exists'];
  const status = isWrong ? ('error' as const) : undefined;
  const [value] = condition.values;
  return (
    <div className={styles.rowLine}>
      <Select
        className={styles.grow!}
        value={condition.attribute || null}
        placeholder={t('conditions.attribute')}
        aria-label={t('conditions.attribute')}
        disabled={disabled}
        status={condition.attribute ? undefined : status}
        loading={attributes.isPending}
        showSearch={{ optionFilterProp: 'label' }}
        options={(attributes.data ?? []).map((one) => ({
          value: one.attribute,
          label: t(`attribute.${one.attribute}`, { defaultValue: one.attribute }),
        }))}
        onChange={(attribute) => {
          const next = attributes.data?.find((one) => one.attribute === attribute);
          onChange({ attribute: attribute ?? '', is: next?.type === 'number' ? 'at_most' : 'in', values: [] });
        }}
      />
      <Select
        style={{ width: 112 }}
        value={condition.is}
        aria-label={t('conditions.is')}
        disabled={disabled}
        options={kinds.map((is) => ({ value: is, label: t(`conditions.kind.${is}`) }))}
        onChange={(is) => onChange({ ...condition, is, values: is === 'exists' ? [] : condition.values })}
      />
      {condition.is === 'exists' ? null : isNumber ? (
        <InputNumber
          className={styles.grow!}
          aria-label={t('conditions.value')}
          disabled={disabled}
          status={status}
          value={typeof value === 'number' ? value : null}
          placeholder={
            known.min === null || known.max === null
              ? undefined
              : `${formats.count(known.min)}–${formats.count(known.max)}`
          }
          onChange={(next) => onChange({ ...condition, values: typeof next === 'number' ? [next] : [] })}
        />
      ) : (
        <Select
          className={styles.grow!}
          mode="tags"
          aria-label={t('conditions.value')}
          placeholder={t('conditions.value')}
          disabled={disabled}
          status={status}
          value={condition.values.map(String)}
          options={(known?.values ?? []).map((one) => ({
            value: one.value,
            label: `${one.value} (${formats.count(one.items)})`,
          }))}
          labelRender={({ value: chosen }) => chosen}
          onChange={(values: string[]) => onChange({ ...condition, values })}
        />
      )}
    </div>
  );
}
