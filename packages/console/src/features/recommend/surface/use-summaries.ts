import type { SurfaceUpdate } from '@zhiyin/contract';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../../format/use-formats.ts';

/** What holds now, in a line per group of rules. */
export function useSummaries(draft: SurfaceUpdate) {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  const { rules, experiment } = draft;
  const list = (parts: readonly (string | null)[]) => parts.filter(Boolean).join(t('comma'));
  const { atLeast, atMost } = rules.priceToCart;
  const now = Date.now();
  const live = (rows: readonly { readonly until: string | null }[]) =>
    rows.filter(({ until }) => until === null || Date.parse(until) > now).length;
  return {
    balance: list([
      t('summary.diversity', { rate: formats.rate(rules.diversity) }),
      t('summary.exploration', { rate: formats.rate(rules.exploration) }),
      rules.perCategoryMax === null ? null : t('summary.perCategory', { count: rules.perCategoryMax }),
    ]),
    basics: list([t('summary.k', { count: draft.k }), t(draft.isPublic ? 'summary.public' : 'summary.private')]),
    conditions: list([
      rules.conditions.length === 0
        ? t('summary.everything')
        : t('summary.conditions', { count: rules.conditions.length }),
      atLeast !== null || atMost !== null ? t('summary.price') : null,
    ]),
    bought: list([
      !rules.excludeBought
        ? t('summary.boughtStays')
        : rules.repurchaseDays === null
          ? t('summary.boughtNever')
          : t('summary.boughtAfter', { count: rules.repurchaseDays }),
    ]),
    pins: rules.pins.length === 0 ? t('summary.none') : t('summary.pins', { count: live(rules.pins) }),
    boosts: rules.boosts.length === 0 ? t('summary.none') : t('summary.boosts', { count: live(rules.boosts) }),
    experiment: experiment ? t('summary.experiment', { count: experiment.arms.length }) : t('summary.none'),
  };
}
