import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { itemAttributesQuery } from '../../../api/recommend-surfaces.ts';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { LimitField, SwitchField } from './fields.tsx';
import { KeyedNumbers } from './keyed-numbers.tsx';
import { LearnedCycles } from './learned-cycles.tsx';
import type { EditProps } from './rule-editor.tsx';

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
          <KeyedNumbers
            label={t('part.repurchaseByCategory')}
            values={repurchaseByCategory}
            names={categories.map(({ value }) => value)}
            first={firstDays}
            least={1}
            most={daysMax}
            suffix={t('bought.days')}
            addLabel={t('bought.addCategory')}
            sayNumber={(category) => t('bought.daysOf', { category })}
            disabled={disabled}
            onChange={(value) => draft.setRule('repurchaseByCategory', value)}
          />
          <LearnedCycles draft={draft} disabled={disabled} />
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
