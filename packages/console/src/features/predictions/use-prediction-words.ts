import type { Prediction, PredictionKind, PredictionSaid } from '@zhiyin/contract';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/use-formats.ts';

const shares = new Set([
  'auc',
  'baselineAuc',
  'accuracy',
  'accuracyTop3',
  'baselineAccuracy',
  'share',
  'overlap',
  'agreement',
  'promised',
  'model',
  'pastSpend',
]);

/** Sentences of the server worded in the page's language, numbers formatted. */
export function usePredictionWords() {
  const { t } = useTranslation('predictions');
  const formats = useFormats();
  const format = (name: string, value: string | number): string => {
    if (name === 'method' || name === 'baseline') return t(`method.${value}`, { defaultValue: String(value) });
    if (typeof value === 'string') return value;
    if (shares.has(name)) return formats.rate(value, 1);
    return formats.count(Math.round(value * 1_000) / 1_000);
  };
  return {
    say: ({ code, values }: PredictionSaid): string =>
      t(`said.${code}`, {
        ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, format(name, value)])),
        defaultValue: code,
      }),
    kindName: (kind: PredictionKind) => t(`kind.${kind}.name`),
    methodName: (method: string) => t(`method.${method}`, { defaultValue: method }),
    /** What is foretold, of whom, in one sentence. */
    purpose: ({ kind, goalEvent, horizonDays, who }: Pick<Prediction, 'kind' | 'goalEvent' | 'horizonDays' | 'who'>) =>
      t('purpose', {
        what: t(`kind.${kind}.what`, { goal: goalEvent ?? '', count: horizonDays }),
        who: t(`who.${who.kind}`, { count: who.withinDays }),
      }),
  };
}
