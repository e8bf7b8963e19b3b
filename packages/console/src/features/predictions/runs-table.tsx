import { useQuery } from '@tanstack/react-query';
import type { Prediction, PredictionRun } from '@zhiyin/contract';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { predictionRunsQuery } from '../../api/predictions.ts';
import { QueryState } from '../../components/query-state.tsx';
import { Section } from '../../components/section.tsx';
import { TableSkeleton } from '../../components/skeletons.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import { useFormats } from '../../format/use-formats.ts';
import { usePredictionWords } from './use-prediction-words.ts';

const tones = {
  queued: 'busy',
  running: 'busy',
  done: 'good',
  failed: 'bad',
  cancelled: 'plain',
  refused: 'caution',
} as const;

/** Every training and scoring: how far people have drifted since, and what came of what was foretold. */
export function RunsTable({ prediction }: { readonly prediction: Prediction }) {
  const { t } = useTranslation('predictions');
  const workspace = useWorkspace();
  const formats = useFormats();
  const words = usePredictionWords();
  const runs = useQuery(predictionRunsQuery(workspace.id, prediction.id));
  const realised = ({ realised: own }: PredictionRun) => {
    if (!own) return t('runs.notYet');
    if (own.auc !== null)
      return t('runs.auc', {
        auc: formats.rate(own.auc, 1),
        predicted: formats.rate(own.predicted, 1),
        observed: formats.rate(own.observed, 1),
      });
    if (prediction.kind === 'lifetime_value') {
      return t('runs.value', {
        predicted: formats.money(Math.round(own.predicted)),
        observed: formats.money(Math.round(own.observed)),
      });
    }
    return t('runs.share', { predicted: formats.rate(own.predicted, 1), observed: formats.rate(own.observed, 1) });
  };
  return (
    <Section title={t('runs.title')} subtitle={t('runs.subtitle', { count: prediction.horizonDays })} flush>
      <QueryState query={runs} loading={<TableSkeleton rows={4} />}>
        {(rows) => (
          <Table<PredictionRun>
            size="middle"
            rowKey="id"
            scroll={{ x: 'max-content' }}
            pagination={{ pageSize: 10, hideOnSinglePage: true }}
            dataSource={[...rows]}
            columns={[
              {
                title: t('runs.when'),
                render: (_, run) => <span title={formats.exact(run.createdAt)}>{formats.relative(run.createdAt)}</span>,
              },
              { title: t('runs.kind'), render: (_, run) => t(`runs.${run.kind}`) },
              {
                title: t('runs.state'),
                render: (_, run) => (
                  <span title={run.said ? words.say(run.said) : undefined}>
                    <StateTag tone={tones[run.state]}>{t(`runState.${run.state}`)}</StateTag>
                  </span>
                ),
              },
              {
                title: t('runs.people'),
                align: 'right',
                render: (_, run) => (run.people === null ? '–' : formats.count(run.people)),
              },
              {
                title: t('runs.drift'),
                render: (_, run) =>
                  run.drift?.score == null
                    ? '–'
                    : `${formats.count(Math.round(run.drift.score * 1_000) / 1_000)} · ${t(run.drift.score < 0.1 ? 'runs.same' : run.drift.score < 0.25 ? 'runs.some' : 'runs.other')}`,
              },
              { title: t('runs.realised'), render: (_, run) => (run.state === 'done' ? realised(run) : '–') },
            ]}
          />
        )}
      </QueryState>
    </Section>
  );
}
