import { useQuery } from '@tanstack/react-query';
import type { Health } from '@zhiyin/contract';
import { useTranslation } from 'react-i18next';
import { healthQuery } from '../../../api/data.ts';
import { QueryButton } from '../../../charts/query-button.tsx';
import { PageHead } from '../../../components/page-head.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { RangePicker } from '../../../components/range-picker.tsx';
import { Section } from '../../../components/section.tsx';
import { PageSkeleton } from '../../../components/skeletons.tsx';
import { useRange } from '../../../components/use-range.ts';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../data.module.css';
import { BalancePicture } from './balance-picture.tsx';
import { OutcomeTrend } from './outcome-trend.tsx';
import { ReasonsTable } from './reasons-table.tsx';
import { RepairsTable } from './repairs-table.tsx';
import { SourcesHealth } from './sources-health.tsx';

/** Is everything accounted for, what is held back, and why. */
export function HealthPage() {
  const { t } = useTranslation('data');
  const { id: workspaceId } = useWorkspace();
  const { range, setRange, lastDay } = useRange({ days: 30 });
  const health = useQuery(healthQuery(workspaceId, range));
  const answer = useAnswer(health.data);
  return (
    <>
      <PageHead
        title={t('health.title')}
        answer={answer}
        actions={<RangePicker range={range} setRange={setRange} lastDay={lastDay} />}
      />
      <QueryState query={health} loading={<PageSkeleton />}>
        {(data) => (
          <div className={styles.stack}>
            <Section
              title={t('health.balanceTitle')}
              subtitle={t('health.balanceSubtitle')}
              actions={
                <QueryButton
                  title={t('health.balanceTitle')}
                  query={data.queries.balance}
                  asOf={data.asOf}
                  note={t('health.balanceQueryNote')}
                />
              }
            >
              <BalancePicture balance={data.balance} oldestPendingMs={data.oldestPendingMs} />
            </Section>
            <OutcomeTrend health={data} range={range} />
            <ReasonsTable health={data} />
            <div className={styles.pair}>
              <SourcesHealth health={data} />
              <RepairsTable health={data} />
            </div>
          </div>
        )}
      </QueryState>
    </>
  );
}

function useAnswer(health: Health | undefined): string | undefined {
  const { t } = useTranslation('data');
  const formats = useFormats();
  if (health === undefined) return undefined;
  const { received, valid, difference } = health.balance;
  if (difference !== 0) return t('health.answerAlarm', { difference: formats.count(Math.abs(difference)) });
  if (received === 0) return t('health.answerNone');
  const sums = health.days.reduce(
    (all, day) => ({
      valid: all.valid + day.valid,
      held: all.held + day.quarantined,
      all: all.all + day.valid + day.duplicate + day.quarantined,
    }),
    { valid: 0, held: 0, all: 0 },
  );
  if (sums.all === 0)
    return t('health.answerQuiet', { received: formats.count(received), valid: formats.count(valid) });
  return t(sums.held === 0 ? 'health.answerClean' : 'health.answer', {
    rate: formats.rate(sums.valid / sums.all, 1),
    all: formats.count(sums.all),
    held: formats.count(sums.held),
  });
}
