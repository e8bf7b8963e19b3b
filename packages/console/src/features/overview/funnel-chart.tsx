import { useCallback, useMemo } from 'react';
import { buildBars } from '../../charts/build-bars.ts';
import { ChartCard, type ChartTools, type Drawing } from '../../charts/chart-card.tsx';
import { computeFunnel, findLargestLoss } from '../../charts/compute-funnel.ts';
import { type ChartPanel, numberOf, textOf } from '../../charts/panel-values.ts';
import { useFormats } from '../../format/use-formats.ts';
import type { Overview } from './use-overview.ts';
import { useOverviewWords } from './use-overview-words.ts';

export function FunnelChart({ overview }: { readonly overview: Overview }) {
  const words = useOverviewWords(overview);
  const { t } = words;
  const formats = useFormats();
  const steps = useMemo(() => readSteps(overview.funnel.data), [overview.funnel.data]);
  const build = useCallback(
    (panel: ChartPanel, tools: ChartTools): Drawing | null => {
      const all = readSteps(panel);
      if ((all[0]?.people ?? 0) === 0) return null;
      const { count, rate } = tools.formats;
      const bars = all.map(({ step, people, ofPrevious }) => ({
        name: t(`funnel.steps.${step}`, { defaultValue: step }),
        value: people,
        label: count(people),
        aside:
          ofPrevious === null
            ? undefined
            : t(tools.isNarrow ? 'funnel.asideShort' : 'funnel.aside', { rate: rate(ofPrevious, 0) }),
        tooltip: [
          `${t(`funnel.steps.${step}`, { defaultValue: step })}: ${count(people)}`,
          ofPrevious === null ? '' : t('funnel.aside', { rate: rate(ofPrevious) }),
        ]
          .filter(Boolean)
          .join(' · '),
      }));
      return {
        option: buildBars(
          { bars, nameWidth: tools.isNarrow ? 104 : 120, labelWidth: tools.isNarrow ? 140 : 220 },
          tools.theme,
        ),
        height: bars.length * 56,
      };
    },
    [t],
  );
  const loss = findLargestLoss(steps);
  const before = loss ? steps[steps.indexOf(loss) - 1] : undefined;
  return (
    <ChartCard
      title={
        loss && before
          ? t('funnel.finding', {
              rate: formats.rate(1 - loss.ofPrevious!, 0),
              from: t(`funnel.did.${before.step}`, { defaultValue: before.step }),
              to: t(`funnel.next.${loss.step}`, { defaultValue: loss.step }),
            })
          : t('funnel.title')
      }
      subtitle={t('funnel.subtitle', { range: words.range, people: formats.count(steps[0]?.people ?? 0) })}
      query={overview.funnel}
      heading={words.heading}
      word={(key, value) => (key === 'step' ? t(`funnel.steps.${value}`, { defaultValue: value }) : value)}
      build={build}
      height={224}
      empty={t('funnel.empty')}
    />
  );
}

const readSteps = (panel: ChartPanel | undefined) =>
  computeFunnel(
    (panel?.rows ?? []).map((row) => ({ step: textOf(row, 'step'), people: numberOf(row, 'people') ?? 0 })),
  );
