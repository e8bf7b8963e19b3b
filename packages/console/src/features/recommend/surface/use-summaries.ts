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
  const caps = Object.keys(rules.categoryCaps).length;
  const shares = Object.keys(rules.exposure.shares).length;
  const now = Date.now();
  const live = (rows: readonly { readonly until: string | null }[]) =>
    rows.filter(({ until }) => until === null || Date.parse(until) > now).length;
  return {
    balance: list([
      t('summary.diversity', { rate: formats.rate(rules.diversity) }),
      rules.explorationMethod === 'off'
        ? t('summary.explorationOff')
        : t('summary.exploration', { rate: formats.rate(rules.exploration) }),
    ]),
    shares:
      list([
        rules.perCategoryMax === null ? null : t('summary.perCategory', { count: rules.perCategoryMax }),
        caps === 0 ? null : t('summary.caps', { count: caps }),
        shares === 0 ? null : t('summary.shares', { count: shares }),
      ]) || t('summary.none'),
    aims:
      list([
        rules.margin.strength === 0 ? null : t('summary.margin', { rate: formats.rate(rules.margin.strength) }),
        rules.stock.strength === 0 ? null : t('summary.stock', { rate: formats.rate(rules.stock.strength) }),
      ]) || t('summary.none'),
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
      rules.excludeBought && rules.repurchase.learned ? t('summary.cycles') : null,
    ]),
    pins: rules.pins.length === 0 ? t('summary.none') : t('summary.pins', { count: live(rules.pins) }),
    boosts: rules.boosts.length === 0 ? t('summary.none') : t('summary.boosts', { count: live(rules.boosts) }),
    experiment: experiment ? t('summary.experiment', { count: experiment.arms.length }) : t('summary.none'),
  };
}
