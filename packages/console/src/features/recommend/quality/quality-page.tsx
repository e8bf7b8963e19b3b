import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { RecommendQuality } from '@zhiyin/contract';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { recommendQualityQuery } from '../../../api/recommend-quality.ts';
import { surfacesQuery } from '../../../api/recommend-surfaces.ts';
import { PageHead } from '../../../components/page-head.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { RangePicker } from '../../../components/range-picker.tsx';
import { PageSkeleton } from '../../../components/skeletons.tsx';
import { useRange } from '../../../components/use-range.ts';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../recommend.module.css';
import { sumOutcomes } from '../sum-outcomes.ts';
import { useSurfaceName } from '../use-surface-name.ts';
import { Alarms } from './alarms.tsx';
import { ClickTrend } from './click-trend.tsx';
import { Exploration } from './exploration.tsx';
import { NoOutcomes } from './no-outcomes.tsx';
import { QualityTable } from './quality-table.tsx';
import { RateChart } from './rate-chart.tsx';
import { SpreadChart } from './spread-chart.tsx';

/** What people did with what they were shown: over time, by surface and version, with what it rests on. */
export function QualityPage() {
  const { t } = useTranslation('recommend');
  const { id } = useWorkspace();
  const { range, setRange, lastDay } = useRange({ days: 30 });
  const { surface } = useSearch({ strict: false }) as { surface?: string };
  const navigate = useNavigate();
  const surfaces = useQuery(surfacesQuery(id));
  const nameOf = useSurfaceName(surfaces.data);
  const quality = useQuery(recommendQualityQuery(id, { ...range, ...(surface ? { surface } : {}) }));
  const choose = (next: string) =>
    void navigate({
      to: '.',
      search: (before: object) => ({ ...before, surface: next || undefined }) as never,
      replace: true,
    });
  return (
    <>
      <PageHead
        title={t('quality.title')}
        answer={useAnswer(quality.data)}
        actions={
          <>
            <Select
              value={surface ?? ''}
              onChange={choose}
              aria-label={t('quality.surface')}
              style={{ minWidth: 180 }}
              options={[
                { value: '', label: t('quality.allSurfaces') },
                ...(surfaces.data ?? []).map((one) => ({ value: one.surface, label: nameOf(one.surface) })),
              ]}
            />
            <RangePicker range={range} setRange={setRange} lastDay={lastDay} />
          </>
        }
      />
      <QueryState query={quality} loading={<PageSkeleton />}>
        {(data) =>
          data.rows.length === 0 ? (
            <NoOutcomes hasAnswers={false} />
          ) : (
            <div className={styles.stack}>
              <Alarms alarms={data.alarms} nameOf={nameOf} />
              {sumOutcomes(data.rows).clickRate?.value === 0 && <NoOutcomes hasAnswers />}
              <ClickTrend quality={data} range={range} />
              <div className={styles.pair}>
                <RateChart quality={data} measure="clickRate" nameOf={nameOf} />
                <RateChart quality={data} measure="conversionRate" nameOf={nameOf} />
              </div>
              <div className={styles.pair}>
                <SpreadChart quality={data} measure="coverage" nameOf={nameOf} />
                <SpreadChart quality={data} measure="popularity" nameOf={nameOf} />
              </div>
              <QualityTable quality={data} nameOf={nameOf} />
              <Exploration range={range} surface={surface} nameOf={nameOf} />
            </div>
          )
        }
      </QueryState>
    </>
  );
}

function useAnswer(quality: RecommendQuality | undefined): string | undefined {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  if (!quality) return undefined;
  const { answers, clickRate, conversionRate } = sumOutcomes(quality.rows);
  if (answers === 0 || clickRate === null || conversionRate === null) return t('quality.answerNone');
  if (clickRate.value === 0) return t('quality.answerNoClicks', { count: answers, shown: formats.count(answers) });
  return t(quality.alarms.length > 0 ? 'quality.answerAlarm' : 'quality.answer', {
    count: answers,
    shown: formats.count(answers),
    clicked: formats.rate(clickRate.value, 1),
    bought: formats.rate(conversionRate.value, 1),
  });
}
