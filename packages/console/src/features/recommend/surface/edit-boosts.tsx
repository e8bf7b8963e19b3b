import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, InputNumber, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { ConditionFields } from './condition-fields.tsx';
import { useProblemAt } from './fields.tsx';
import { ItemsPicker } from './items-picker.tsx';
import type { EditProps } from './rule-editor.tsx';
import styles from './surface.module.css';
import { UntilField } from './until-field.tsx';

/** Items that count for more, for less, or for nothing. */
export function EditBoosts({ draft, disabled }: EditProps) {
  const { t } = useTranslation('recommend');
  const problemAt = useProblemAt(draft);
  const { boosts } = draft.draft.rules;
  type Boost = (typeof boosts)[number];
  const put = (at: number, next: Boost) =>
    draft.setRule(
      'boosts',
      boosts.map((boost, index) => (index === at ? next : boost)),
    );
  return (
    <div className={styles.rows}>
      {boosts.map((boost, at) => {
        const { factor, until } = boost;
        const isByCondition = boost.condition !== undefined;
        const problem = problemAt(`rules.boosts.${at}`);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no id; all of a row is controlled
          <div key={at} className={styles.row}>
            <Segmented
              size="small"
              value={isByCondition ? 'condition' : 'item'}
              aria-label={t('boosts.what')}
              options={[
                { value: 'condition', label: t('boosts.byCondition') },
                { value: 'item', label: t('boosts.byItem') },
              ]}
              onChange={(kind) =>
                put(
                  at,
                  kind === 'item'
                    ? { itemId: '', factor, until }
                    : { condition: { attribute: '', is: 'in', values: [] }, factor, until },
                )
              }
            />
            {boost.condition ? (
              <ConditionFields
                condition={boost.condition}
                disabled={disabled}
                isWrong={problem !== undefined}
                onChange={(condition) => put(at, { condition, factor, until })}
              />
            ) : (
              <ItemsPicker
                single
                label={t('pins.item')}
                value={boost.itemId ? [boost.itemId] : []}
                status={problem ? 'error' : undefined}
                onChange={([itemId]) => put(at, { itemId: itemId ?? '', factor, until })}
              />
            )}
            <div className={styles.rowLine}>
              <InputNumber
                size="small"
                min={0}
                max={10}
                step={0.5}
                prefix="×"
                aria-label={t('boosts.factor')}
                style={{ width: 88 }}
                value={factor}
                onChange={(value) => put(at, { ...boost, factor: value ?? 1 })}
              />
              <span className="faint">
                {t(factor === 0 ? 'boosts.hides' : factor < 1 ? 'boosts.less' : 'boosts.more')}
              </span>
              <UntilField until={until} onChange={(next) => put(at, { ...boost, until: next })} disabled={disabled} />
              <Button
                size="small"
                type="text"
                icon={<DeleteOutlined />}
                disabled={disabled}
                aria-label={t('boosts.drop')}
                onClick={() =>
                  draft.setRule(
                    'boosts',
                    boosts.filter((_, index) => index !== at),
                  )
                }
              />
            </div>
            {problem && (
              <span className={styles.problem} role="alert">
                {problem}
              </span>
            )}
          </div>
        );
      })}
      <Button
        icon={<PlusOutlined />}
        disabled={disabled}
        onClick={() =>
          draft.setRule('boosts', [
            ...boosts,
            { condition: { attribute: 'category', is: 'in', values: [] }, factor: 2, until: null },
          ])
        }
      >
        {t('boosts.add')}
      </Button>
      <span className={styles.help}>{t('boosts.help')}</span>
    </div>
  );
}
