import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';
import { ConditionFields } from './condition-fields.tsx';
import { Field, useProblemAt } from './fields.tsx';
import type { EditProps } from './rule-editor.tsx';
import styles from './surface.module.css';

const percent = 100;

/** Which items may show at all. */
export function EditConditions({ draft, disabled }: EditProps) {
  const { t } = useTranslation('recommend');
  const problemAt = useProblemAt(draft);
  const { conditions, priceToCart, stockMin } = draft.draft.rules;
  const shareOf = (value: number | null) => (value === null ? null : Math.round(value * percent));
  const priceField = (key: 'atLeast' | 'atMost') => (
    <InputNumber
      className={styles.grow!}
      min={0}
      max={10_000}
      precision={0}
      aria-label={t(`conditions.${key}`)}
      prefix={t(`conditions.${key}`)}
      suffix="%"
      placeholder={t('conditions.any')}
      value={shareOf(priceToCart[key])}
      status={problemAt('rules.priceToCart') ? 'error' : undefined}
      onChange={(value) =>
        draft.setRule('priceToCart', { ...priceToCart, [key]: typeof value === 'number' ? value / percent : null })
      }
    />
  );
  return (
    <>
      <div className={styles.field}>
        <span>{t('part.conditions')}</span>
        <div className={styles.rows}>
          {conditions.map((condition, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no id; all of a row is controlled
            <div key={at} className={styles.row}>
              <ConditionFields
                condition={condition}
                disabled={disabled}
                isWrong={problemAt(`rules.conditions.${at}`) !== undefined}
                onChange={(next) =>
                  draft.setRule(
                    'conditions',
                    conditions.map((one, index) => (index === at ? next : one)),
                  )
                }
              />
              <div className={styles.fieldHead}>
                <span className={styles.problem} role="alert">
                  {problemAt(`rules.conditions.${at}`)}
                </span>
                <Button
                  size="small"
                  type="text"
                  icon={<DeleteOutlined />}
                  disabled={disabled}
                  onClick={() =>
                    draft.setRule(
                      'conditions',
                      conditions.filter((_, index) => index !== at),
                    )
                  }
                >
                  {t('remove')}
                </Button>
              </div>
            </div>
          ))}
          <Button
            icon={<PlusOutlined />}
            disabled={disabled}
            onClick={() => draft.setRule('conditions', [...conditions, { attribute: '', is: 'in', values: [] }])}
          >
            {t('conditions.add')}
          </Button>
        </div>
        <span className={styles.help}>{t('conditions.help')}</span>
      </div>
      <Field label={t('part.priceToCart')} help={t('conditions.priceHelp')} problem={problemAt('rules.priceToCart')}>
        <div className={styles.rowLine}>
          {priceField('atLeast')}
          {priceField('atMost')}
        </div>
      </Field>
      <Field id="stock-min" label={t('part.stockMin')} help={t('conditions.stockHelp')}>
        <InputNumber
          id="stock-min"
          min={1}
          max={1_000_000}
          precision={0}
          value={stockMin}
          onChange={(value) => draft.setRule('stockMin', value ?? 1)}
        />
      </Field>
    </>
  );
}
