import { explorationMethods } from '@zhiyin/contract';
import { useTranslation } from 'react-i18next';
import { ChoiceField, ShareField } from './fields.tsx';
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
      {rules.diversity > 0 && (
        <ChoiceField
          label={t('part.diversityMethod')}
          help={t(`balance.diversityWhat.${rules.diversityMethod}`)}
          value={rules.diversityMethod}
          options={(['mmr', 'dpp'] as const).map((value) => ({ value, label: t(`balance.diversityMethod.${value}`) }))}
          onChange={(value) => draft.setRule('diversityMethod', value)}
          disabled={disabled}
        />
      )}
      <ShareField
        label={t('part.calibration')}
        help={t('balance.calibrationHelp')}
        ends={[t('balance.calibrationLow'), t('balance.calibrationHigh')]}
        value={rules.calibration}
        onChange={(value) => draft.setRule('calibration', value)}
        disabled={disabled}
      />
      <ShareField
        label={t('part.novelty')}
        ends={[t('balance.noveltyLow'), t('balance.noveltyHigh')]}
        value={rules.novelty}
        onChange={(value) => draft.setRule('novelty', value)}
        disabled={disabled}
      />
      <ShareField
        label={t('part.popularityDiscount')}
        ends={[t('balance.popularityLow'), t('balance.popularityHigh')]}
        value={rules.popularityDiscount}
        onChange={(value) => draft.setRule('popularityDiscount', value)}
        disabled={disabled}
      />
      <ChoiceField
        label={t('part.explorationMethod')}
        help={t(`balance.explorationWhat.${rules.explorationMethod}`)}
        value={rules.explorationMethod}
        options={explorationMethods.map((value) => ({ value, label: t(`balance.explorationMethod.${value}`) }))}
        onChange={(value) => draft.setRule('explorationMethod', value)}
        disabled={disabled}
      />
      {rules.explorationMethod !== 'off' && (
        <ShareField
          label={t('part.exploration')}
          help={t('balance.explorationHelp')}
          ends={[t('balance.explorationLow'), t('balance.explorationHigh')]}
          most={0.5}
          value={rules.exploration}
          onChange={(value) => draft.setRule('exploration', value)}
          disabled={disabled}
        />
      )}
    </>
  );
}
