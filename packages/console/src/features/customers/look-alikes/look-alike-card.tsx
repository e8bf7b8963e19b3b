import type { LookAlike } from '@zhiyin/contract';
import { Slider, Table } from 'antd';
import { useCallback, useMemo, useState } from 'react';
import { buildCurve } from '../../../charts/build-curve.ts';
import { ChartCard, type ChartTools, type Drawing } from '../../../charts/chart-card.tsx';
import { type ChartPanel, numberOf, textOf } from '../../../charts/panel-values.ts';
import { useLanguage } from '../../../i18n/use-language.ts';
import styles from '../customers.module.css';
import { MakeSegment } from '../make-segment.tsx';
import { useCustomerWords } from '../use-customer-words.ts';

type Done = LookAlike & { readonly result: NonNullable<LookAlike['result']> };

/** How many to take: more people hold more of those you look for, and are less like them. */
export function LookAlikeCard({ lookAlike }: { lookAlike: Done }) {
  const { result, name } = lookAlike;
  const { t, formats, formatFeature, sayNote } = useCustomerWords(
    result.reasons.map(({ feature, words, unit }) => ({ key: feature, words, unit })),
  );
  const language = useLanguage();
  const [step, setStep] = useState(3);
  const chosen = result.curve[step] ?? result.curve[0];
  const panel = useMemo<ChartPanel>(
    () => ({
      name: 'look-alike',
      columns: [
        { key: 'people', type: 'number' },
        { key: 'share', type: 'rate' },
        { key: 'recall', type: 'rate' },
        { key: 'lift', type: 'number' },
        { key: 'score', type: 'number' },
      ],
      rows: result.curve.map(({ people, recall, lift, score }) => ({
        people: String(people),
        share: 1 - score,
        recall,
        lift: Math.round(lift * 10) / 10,
        score,
      })),
      asOf: result.at,
    }),
    [result],
  );
  const build = useCallback(
    (data: ChartPanel, tools: ChartTools): Drawing => {
      const series = [
        { name: t('heading.recall'), place: 0, values: data.rows.map((row) => numberOf(row, 'recall')) },
        { name: t('lookAlike.chance'), place: 1, values: data.rows.map((row) => numberOf(row, 'share')) },
      ];
      return {
        option: buildCurve(
          {
            steps: data.rows.map((row) => tools.formats.compact(Number(textOf(row, 'people')))),
            series,
            formatValue: (value) => tools.formats.rate(value, 0),
            chosen: step,
          },
          tools.theme,
        ),
        height: 240,
        legend: series.map(({ name: own, place }) => ({ name: own, place })),
      };
    },
    [t, step],
  );
  return (
    <ChartCard
      title={t('lookAlike.title', { name })}
      subtitle={t('lookAlike.subtitle', {
        seed: formats.count(lookAlike.seed.people ?? 0),
        others: formats.count(result.others),
        auc: result.auc.value.toFixed(2),
        low: result.auc.low.toFixed(2),
        high: result.auc.high.toFixed(2),
        day: formats.day(result.at),
      })}
      query={{ data: panel, error: null, isPlaceholderData: false, refetch: () => undefined }}
      heading={(key) => t(`heading.${key}`)}
      build={build}
      height={240}
      empty={t('lookAlikes.empty')}
      footnote={
        chosen && (
          <span className={styles.stack}>
            <Slider
              min={0}
              max={result.curve.length - 2}
              step={1}
              value={step}
              onChange={setStep}
              ariaLabelForHandle={t('lookAlike.size')}
              tooltip={{ formatter: () => formats.count(chosen.people) }}
            />
            <span>
              {t('lookAlike.chosen', {
                count: chosen.people,
                people: formats.count(chosen.people),
                recall: formats.rate(chosen.recall, 0),
                lift: chosen.lift.toFixed(1),
              })}
            </span>
            <span className={styles.actions}>
              <MakeSegment
                key={step}
                type="primary"
                name={t('lookAlike.segment', { name, people: formats.count(chosen.people) })}
                trait={result.trait}
                test={{ op: 'at_least', value: chosen.score }}
                label={t('lookAlike.make', { count: chosen.people, people: formats.count(chosen.people) })}
              />
            </span>
            <Table
              size="small"
              rowKey="feature"
              pagination={false}
              dataSource={result.reasons}
              columns={[
                { title: t('lookAlike.reason'), render: (_, { words }) => words[language] },
                {
                  title: t('lookAlike.seedMean'),
                  align: 'right',
                  render: (_, { feature, seed }) => formatFeature(feature, seed),
                },
                {
                  title: t('lookAlike.othersMean'),
                  align: 'right',
                  render: (_, { feature, others }) => formatFeature(feature, others),
                },
              ]}
            />
            {result.notes.map((note) => (
              <span key={note.code}>{sayNote(note)}</span>
            ))}
          </span>
        )
      }
    />
  );
}
