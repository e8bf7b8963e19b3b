import type { PersonScore, PredictionKind } from '@zhiyin/contract';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../format/use-formats.ts';

type Scored = Pick<PersonScore, 'score' | 'label' | 'figures'>;

/** A score as people read it: a share, an amount, days or a word, by what was foretold. */
export function useScoreWords() {
  const { t } = useTranslation('predictions');
  const formats = useFormats();
  const scoreOf = (kind: PredictionKind, { score, label, figures }: Scored): string => {
    if (kind === 'lifetime_value') return formats.money(Math.round(score));
    if (kind === 'next_purchase') {
      return figures.days === undefined
        ? t('score.later')
        : t('score.inDays', { count: Math.max(1, Math.round(figures.days)) });
    }
    if (kind === 'next_category') return label === '…' ? t('score.other') : label;
    if (kind === 'next_action') return t(`action.${label}`, { defaultValue: label });
    if (kind === 'anomaly') return formats.count(Math.round(score * 100));
    return formats.rate(score);
  };
  const asideOf = (kind: PredictionKind, { score, label, figures }: Scored): string => {
    if (kind === 'lifetime_value') {
      const alive = figures.p_alive === undefined ? '' : t('score.alive', { share: formats.rate(figures.p_alive) });
      const purchases = t('score.purchases', { count: Math.round((figures.purchases ?? 0) * 10) / 10 });
      return [purchases, alive].filter(Boolean).join(' · ');
    }
    if (kind === 'next_purchase') return t('score.within', { share: formats.rate(score) });
    if (kind === 'next_category' || kind === 'next_action') return t('score.chance', { share: formats.rate(score) });
    return label ? t(`level.${label}`, { defaultValue: '' }) : '';
  };
  return { scoreOf, asideOf };
}
