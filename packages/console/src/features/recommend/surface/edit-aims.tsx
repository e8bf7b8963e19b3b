import { useQuery } from '@tanstack/react-query';
import { InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';
import { itemAttributesQuery } from '../../../api/recommend-surfaces.ts';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import { ChoiceField, Field, ShareField, useProblemAt } from './fields.tsx';
import type { EditProps } from './rule-editor.tsx';
import styles from './surface.module.css';

/** What the shop would rather sell: what earns more, what lies long. */
export function EditAims({ draft, disabled }: EditProps) {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  const { id } = useWorkspace();
  const problemAt = useProblemAt(draft);
  const attributes = useQuery(itemAttributesQuery(id));
  const { margin, stock } = draft.draft.rules;
  const numbers = (attributes.data ?? []).filter(({ type, attribute }) => type === 'number' && attribute !== 'price');
  const known = numbers.find(({ attribute }) => attribute === margin.attribute);
  const days = (key: 'scarceDays' | 'ampleDays', least: number, most: number) => (
    <InputNumber
      className={styles.grow!}
      min={least}
      max={most}
      precision={0}
      prefix={t(`aims.${key}`)}
      suffix={t('bought.days')}
      aria-label={t(`aims.${key}`)}
      value={stock[key]}
      status={problemAt('rules.stock') ? 'error' : undefined}
      onChange={(value) => draft.setRule('stock', { ...stock, [key]: value ?? least })}
    />
  );
  return (
    <>
      <ShareField
        label={t('part.margin')}
        help={t('aims.marginHelp')}
        ends={[t('aims.marginLow'), t('aims.marginHigh')]}
        value={margin.strength}
        onChange={(strength) => draft.setRule('margin', { ...margin, strength })}
        disabled={disabled}
      />
      {margin.strength > 0 && (
        <>
          <ChoiceField
            label={t('aims.attribute')}
            help={
              known
                ? t('aims.attributeItems', { count: known.items, items: formats.count(known.items) })
                : t('aims.attributeMissing', { attribute: margin.attribute })
            }
            value={margin.attribute}
            options={[...new Set([...numbers.map(({ attribute }) => attribute), margin.attribute])].map((value) => ({
              value,
              label: value,
            }))}
            onChange={(attribute) => draft.setRule('margin', { ...margin, attribute })}
            disabled={disabled}
          />
          <ChoiceField
            label={t('aims.holds')}
            value={margin.holds}
            options={(['cost', 'margin'] as const).map((value) => ({ value, label: t(`aims.holdsWhat.${value}`) }))}
            onChange={(holds) => draft.setRule('margin', { ...margin, holds })}
            disabled={disabled}
          />
        </>
      )}
      <ShareField
        label={t('part.stock')}
        help={t('aims.stockHelp')}
        ends={[t('aims.stockLow'), t('aims.stockHigh')]}
        value={stock.strength}
        onChange={(strength) => draft.setRule('stock', { ...stock, strength })}
        disabled={disabled}
      />
      {stock.strength > 0 && (
        <Field label={t('aims.stockDays')} problem={problemAt('rules.stock')}>
          <div className={styles.rowLine}>
            {days('scarceDays', 0, 365)}
            {days('ampleDays', 1, 3_650)}
          </div>
        </Field>
      )}
    </>
  );
}
