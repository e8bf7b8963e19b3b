import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { itemAttributesQuery } from '../../../api/recommend-surfaces.ts';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { ChoiceField, LimitField, useProblemAt } from './fields.tsx';
import { KeyedNumbers } from './keyed-numbers.tsx';
import type { EditProps } from './rule-editor.tsx';

const percent = 100;
const most = 100;
const firstCap = 2;
const firstShare = 10;

/** At most so many of one kind, at least such a share of another. */
export function EditShares({ draft, disabled }: EditProps) {
  const { t } = useTranslation('recommend');
  const { id } = useWorkspace();
  const problemAt = useProblemAt(draft);
  const attributes = useQuery(itemAttributesQuery(id)).data ?? [];
  const { perCategoryMax, perBrandMax, categoryCaps, exposure } = draft.draft.rules;
  const namesOf = (attribute: string) =>
    (attributes.find((one) => one.attribute === attribute)?.values ?? []).map(({ value }) => value);
  const texts = attributes.filter(({ type }) => type === 'text').map(({ attribute }) => attribute);
  const shareable = [...new Set(['brand', ...texts, exposure.attribute])];
  const inPercent = Object.fromEntries(
    Object.entries(exposure.shares).map(([name, share]) => [name, Math.round(share * percent)]),
  );
  return (
    <>
      <LimitField
        label={t('part.perCategoryMax')}
        value={perCategoryMax}
        first={3}
        most={most}
        onChange={(value) => draft.setRule('perCategoryMax', value)}
        disabled={disabled}
      />
      <LimitField
        label={t('part.perBrandMax')}
        value={perBrandMax}
        first={3}
        most={most}
        onChange={(value) => draft.setRule('perBrandMax', value)}
        disabled={disabled}
      />
      <KeyedNumbers
        label={t('part.categoryCaps')}
        help={t('shares.capsHelp')}
        values={categoryCaps}
        names={namesOf('category')}
        first={firstCap}
        least={0}
        most={most}
        suffix={t('shares.items')}
        addLabel={t('shares.addCap')}
        sayNumber={(name) => t('shares.capOf', { name })}
        disabled={disabled}
        onChange={(value) => draft.setRule('categoryCaps', value)}
      />
      <ChoiceField
        label={t('shares.by')}
        value={exposure.attribute}
        options={shareable.map((value) => ({ value, label: t(`attribute.${value}`, { defaultValue: value }) }))}
        onChange={(attribute) => draft.setRule('exposure', { attribute, shares: {} })}
        disabled={disabled}
      />
      <KeyedNumbers
        label={t('part.exposure')}
        help={t('shares.help')}
        problem={problemAt('rules.exposure')}
        values={inPercent}
        names={namesOf(exposure.attribute)}
        first={firstShare}
        least={1}
        most={percent}
        suffix="%"
        addLabel={t('shares.add')}
        sayNumber={(name) => t('shares.shareOf', { name })}
        disabled={disabled}
        onChange={(next) =>
          draft.setRule('exposure', {
            ...exposure,
            shares: Object.fromEntries(Object.entries(next).map(([name, share]) => [name, share / percent])),
          })
        }
      />
    </>
  );
}
