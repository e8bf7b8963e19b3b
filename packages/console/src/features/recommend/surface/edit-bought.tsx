import { DeleteOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { itemAttributesQuery } from '../../../api/recommend-surfaces.ts';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { LimitField, SwitchField } from './fields.tsx';
import type { EditProps } from './rule-editor.tsx';
import styles from './surface.module.css';

const firstDays = 60;
const daysMax = 3_650;

/** What a person has had already: bought, looked at, turned down. */
export function EditBought({ draft, disabled }: EditProps) {
  const { t } = useTranslation('recommend');
  const { id } = useWorkspace();
  const attributes = useQuery(itemAttributesQuery(id));
  const { excludeBought, repurchaseDays, repurchaseByCategory, excludeViewedHours, excludeDisliked } =
    draft.draft.rules;
  const categories = attributes.data?.find((one) => one.attribute === 'category')?.values ?? [];
  const free = categories.filter(({ value }) => !(value in repurchaseByCategory));
  return (
    <>
      <SwitchField
        label={t('part.excludeBought')}
        value={excludeBought}
        onChange={(value) => draft.setRule('excludeBought', value)}
        disabled={disabled}
      />
      {excludeBought && (
        <>
          <LimitField
            label={t('part.repurchaseDays')}
            help={t('bought.repurchaseHelp')}
            value={repurchaseDays}
            first={firstDays}
            most={daysMax}
            suffix={t('bought.days')}
            onChange={(value) => draft.setRule('repurchaseDays', value)}
            disabled={disabled}
          />
          <div className={styles.field}>
            <span>{t('part.repurchaseByCategory')}</span>
            <div className={styles.rows}>
              {Object.entries(repurchaseByCategory).map(([category, days]) => (
                <div key={category} className={styles.rowLine}>
                  <span className={styles.grow}>{category}</span>
                  <InputNumber
                    size="small"
                    min={1}
                    max={daysMax}
                    precision={0}
                    value={days}
                    suffix={t('bought.days')}
                    aria-label={t('bought.daysOf', { category })}
                    style={{ width: 110 }}
                    onChange={(value) =>
                      draft.setRule('repurchaseByCategory', { ...repurchaseByCategory, [category]: value ?? firstDays })
                    }
                  />
                  <Button
                    size="small"
                    type="text"
                    icon={<DeleteOutlined />}
                    disabled={disabled}
                    aria-label={t('bought.drop', { category })}
                    onClick={() => {
                      const { [category]: _, ...rest } = repurchaseByCategory;
                      draft.setRule('repurchaseByCategory', rest);
                    }}
                  />
                </div>
              ))}
              {free.length > 0 && (
                <Select
                  value={null}
                  disabled={disabled}
                  showSearch={{ optionFilterProp: 'label' }}
                  placeholder={t('bought.addCategory')}
                  aria-label={t('bought.addCategory')}
                  options={free.map(({ value }) => ({ value, label: value }))}
                  onChange={(category: string | null) =>
                    category &&
                    draft.setRule('repurchaseByCategory', { ...repurchaseByCategory, [category]: firstDays })
                  }
                />
              )}
            </div>
          </div>
        </>
      )}
      <LimitField
        label={t('part.excludeViewedHours')}
        help={t('bought.viewedHelp')}
        value={excludeViewedHours === 0 ? null : excludeViewedHours}
        first={24}
        most={8_760}
        suffix={t('bought.hours')}
        onChange={(value) => draft.setRule('excludeViewedHours', value ?? 0)}
        disabled={disabled}
      />
      <SwitchField
        label={t('part.excludeDisliked')}
        help={t('bought.dislikedHelp')}
        value={excludeDisliked}
        onChange={(value) => draft.setRule('excludeDisliked', value)}
        disabled={disabled}
      />
    </>
  );
}
