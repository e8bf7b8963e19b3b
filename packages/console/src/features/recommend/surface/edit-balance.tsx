import { useTranslation } from 'react-i18next';
import { LimitField, ShareField } from './fields.tsx';
import type { EditProps } from './rule-editor.tsx';

/** Relevance against variety, the known against the new. */
export function EditBalance({ draft, disabled }: EditProps) {
  const { t } = useTranslation('recommend');
  const { rules } = draft.draft;
  return (
    <>
      <ShareField
        label={t('part.diversity')}
        ends={[t('balance.diversityLow'), t('balance.diversityHigh')]}
        value={rules.diversity}
        onChange={(value) => draft.setRule('diversity', value)}
        disabled={disabled}
      />
      <ShareField
        label={t('part.popularityDiscount')}
        ends={[t('balance.popularityLow'), t('balance.popularityHigh')]}
        value={rules.popularityDiscount}
        onChange={(value) => draft.setRule('popularityDiscount', value)}
        disabled={disabled}
      />
      <ShareField
        label={t('part.exploration')}
        help={t('balance.explorationHelp')}
        ends={[t('balance.explorationLow'), t('balance.explorationHigh')]}
        most={0.5}
        value={rules.exploration}
        onChange={(value) => draft.setRule('exploration', value)}
        disabled={disabled}
      />
      <LimitField
        label={t('part.perCategoryMax')}
        value={rules.perCategoryMax}
        first={3}
        most={100}
        onChange={(value) => draft.setRule('perCategoryMax', value)}
        disabled={disabled}
      />
      <LimitField
        label={t('part.perBrandMax')}
        value={rules.perBrandMax}
        first={3}
        most={100}
        onChange={(value) => draft.setRule('perBrandMax', value)}
        disabled={disabled}
      />
    </>
  );
}
