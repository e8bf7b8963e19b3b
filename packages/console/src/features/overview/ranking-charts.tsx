import type { Panel } from '@zhiyin/contract';
import type { ReactNode } from 'react';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { type Bar, barRowHeight, buildBars } from '../../charts/build-bars.ts';
import { ChartCard, type ChartTools, type Drawing } from '../../charts/chart-card.tsx';
import { formatWholeMoney } from '../../charts/format-whole-money.ts';
import { type ChartPanel, countOrDash, currencyOf, numberOf, textOf } from '../../charts/panel-values.ts';
import { describeEventName } from '../../components/event-words/describe-event.ts';
import { useFormats } from '../../format/use-formats.ts';
import type { Overview } from './use-overview.ts';
import { useOverviewWords } from './use-overview-words.ts';

const barsMax = 10;
type Row = Panel['rows'][number];

export function ProductsChart({ overview }: { readonly overview: Overview }) {
  const words = useOverviewWords(overview);
  const { t, locale } = words;
  const { products } = overview;
  const currency = currencyOf(products.data) ?? '';
  const nameOf = useCallback(
    (row: Row) => textOf(row, 'name') || t('products.unnamed', { id: textOf(row, 'item_id') }),
    [t],
  );
  const toBar = useCallback(
    (row: Row, { formats }: ChartTools): Bar => ({
      name: nameOf(row),
      value: Math.max(0, numberOf(row, 'revenue') ?? 0),
      label: formatWholeMoney(numberOf(row, 'revenue') ?? 0, currency || 'USD', locale),
      aside: t('products.aside', {
        count: numberOf(row, 'buyers') ?? 0,
        buyers: formats.count(numberOf(row, 'buyers') ?? 0),
      }),
    }),
    [t, locale, currency, nameOf],
  );
  const best = products.data?.rows[0];
  return (
    <Ranking
      overview={overview}
      panel="products"
      toBar={toBar}
      title={
        best
          ? t('products.finding', {
              name: nameOf(best),
              amount: formatWholeMoney(numberOf(best, 'revenue') ?? 0, currency || 'USD', locale),
            })
          : t('products.title')
      }
      subtitle={t('products.subtitle', { currency, n: products.data?.rows.length ?? 0, range: words.range })}
      empty={t('products.empty')}
    />
  );
}

export function EventsChart({ overview }: { readonly overview: Overview }) {
  const words = useOverviewWords(overview);
  const { t } = words;
  const formats = useFormats();
  const { t: eventWords } = useTranslation('events');
  const toBar = useCallback(
    (row: Row, tools: ChartTools): Bar => ({
      name: describeEventName(textOf(row, 'name'), eventWords, tools.formats),
      value: numberOf(row, 'events') ?? 0,
      label: tools.formats.count(numberOf(row, 'events') ?? 0),
      aside: t('events.aside', {
        count: numberOf(row, 'people') ?? 0,
        people: tools.formats.count(numberOf(row, 'people') ?? 0),
      }),
    }),
    [t, eventWords],
  );
  const first = overview.events.data?.rows[0];
  const total = numberOf(overview.summary.data?.rows[0], 'events') ?? 0;
  return (
    <Ranking
      overview={overview}
      panel="events"
      toBar={toBar}
      title={
        first && total > 0
          ? t('events.finding', {
              share: formats.rate((numberOf(first, 'events') ?? 0) / total, 0),
              name: describeEventName(textOf(first, 'name'), eventWords, formats),
            })
          : t('events.title')
      }
      subtitle={t('events.subtitle', {
        n: overview.events.data?.rows.length ?? 0,
        range: words.range,
        events: countOrDash(numberOf(overview.summary.data?.rows[0], 'events'), formats),
      })}
      empty={t('events.empty')}
    />
  );
}

export function ChannelsChart({ overview }: { readonly overview: Overview }) {
  const words = useOverviewWords(overview);
  const { t, locale } = words;
  const formats = useFormats();
  const { channels } = overview;
  const currency = currencyOf(channels.data) ?? '';
  const nameOf = useCallback(
    (row: Row) => (textOf(row, 'channel') === 'direct' ? t('channels.direct') : textOf(row, 'channel')),
    [t],
  );
  const toBar = useCallback(
    (row: Row, tools: ChartTools): Bar => ({
      name: nameOf(row),
      value: Math.max(0, numberOf(row, 'revenue') ?? 0),
      label: formatWholeMoney(numberOf(row, 'revenue') ?? 0, currency || 'USD', locale),
      aside: t('channels.aside', {
        count: numberOf(row, 'orders') ?? 0,
        orders: tools.formats.count(numberOf(row, 'orders') ?? 0),
      }),
    }),
    [t, locale, currency, nameOf],
  );
  const rows = channels.data?.rows ?? [];
  const total = rows.reduce((sum, row) => sum + (numberOf(row, 'revenue') ?? 0), 0);
  const first = rows[0];
  return (
    <Ranking
      overview={overview}
      panel="channels"
      toBar={toBar}
      title={
        first && total > 0
          ? t('channels.finding', {
              share: formats.rate((numberOf(first, 'revenue') ?? 0) / total, 0),
              name: nameOf(first),
            })
          : t('channels.title')
      }
      subtitle={t('channels.subtitle', { currency, range: words.range })}
      empty={t('channels.empty')}
    />
  );
}

type RankingProps = {
  readonly overview: Overview;
  readonly panel: 'products' | 'events' | 'channels';
  readonly title: string;
  readonly subtitle: string;
  readonly empty: ReactNode;
  readonly toBar: (row: Row, tools: ChartTools) => Bar;
};

/** The first ten as bars; all rows are behind the card's table. */
function Ranking({ overview, panel, title, subtitle, empty, toBar }: RankingProps) {
  const { heading } = useOverviewWords(overview);
  const build = useCallback(
    (data: ChartPanel, tools: ChartTools): Drawing => {
      const bars = data.rows.slice(0, barsMax).map((row) => toBar(row, tools));
      const labelWidth = tools.isNarrow ? 96 : 176;
      const shown = tools.isNarrow ? bars.map(({ aside: _, ...bar }) => bar) : bars;
      return {
        option: buildBars({ bars: shown, nameWidth: tools.isNarrow ? 110 : 168, labelWidth }, tools.theme),
        height: bars.length * barRowHeight + 8,
      };
    },
    [toBar],
  );
  return (
    <ChartCard
      title={title}
      subtitle={subtitle}
      query={overview[panel]}
      heading={heading}
      build={build}
      height={barsMax * barRowHeight}
      empty={empty}
    />
  );
}
