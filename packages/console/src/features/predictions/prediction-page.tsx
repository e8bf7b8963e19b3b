import { ArrowLeftOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Prediction } from '@zhiyin/contract';
import { Button, Progress, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import {
  isRunning,
  predictionQuery,
  useCancelPrediction,
  useStartPrediction,
  useUpdatePrediction,
} from '../../api/predictions.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { Section } from '../../components/section.tsx';
import { PageSkeleton } from '../../components/skeletons.tsx';
import { useNotice } from '../../components/use-notice.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import { CalibrationChart, CandidatesChart, GainsChart } from './card-charts.tsx';
import { CardFacts } from './card-facts.tsx';
import { EffectsCharts } from './effects-charts.tsx';
import { LifetimeCharts, LifetimeFacts } from './lifetime-charts.tsx';
import { ModelsTable } from './models-table.tsx';
import { PlainFiguresTable } from './plain-figures.tsx';
import styles from './predictions.module.css';
import { RunsTable } from './runs-table.tsx';
import { ScoredPeople } from './scored-people.tsx';
import { usePredictionWords } from './use-prediction-words.ts';

const route = getRouteApi('/w/$workspaceId/predictions/$predictionId');

/** One prediction: its answer, who scores highest and why, how good it is, and what it goes by. */
export function PredictionPage() {
  const { t } = useTranslation('predictions');
  const workspace = useWorkspace();
  const { predictionId } = route.useParams();
  const prediction = useQuery(predictionQuery(workspace.id, Number(predictionId)));
  return (
    <>
      <Link to="/w/$workspaceId/predictions" params={{ workspaceId: String(workspace.id) }} className={styles.back!}>
        <ArrowLeftOutlined aria-hidden /> {t('title')}
      </Link>
      <QueryState query={prediction} loading={<PageSkeleton />}>
        {(data) => <Loaded prediction={data} />}
      </QueryState>
    </>
  );
}

function Loaded({ prediction }: { readonly prediction: Prediction }) {
  const { t } = useTranslation('predictions');
  const words = usePredictionWords();
  const { serving, run, scored, warnings } = prediction;
  const answer = serving
    ? words.say(serving.card.verdict)
    : run?.said && run.state !== 'done'
      ? words.say(run.said)
      : words.purpose(prediction);
  return (
    <>
      <PageHead title={prediction.name} answer={answer} actions={<Actions prediction={prediction} />} />
      <div className={styles.stack}>
        <p className={styles.small}>{words.purpose(prediction)}</p>
        {isRunning(run) && <Running prediction={prediction} />}
        {serving && run?.said && run.state !== 'done' && <p className={styles.warning}>{words.say(run.said)}</p>}
        {warnings.map((warning) => (
          <p key={warning.code} className={styles.warning}>
            {words.say(warning)}
          </p>
        ))}
        {serving === null && !isRunning(run) && (
          <EmptyState sentence={t('untrained.sentence')} example={t('untrained.example')} />
        )}
        {scored && <ScoredPeople prediction={prediction} />}
        {serving && <Card prediction={prediction} serving={serving} />}
        {run && <RunsTable prediction={prediction} />}
        {serving && <ModelsTable prediction={prediction} />}
      </div>
    </>
  );
}

function Card({
  prediction,
  serving,
}: {
  readonly prediction: Prediction;
  readonly serving: NonNullable<Prediction['serving']>;
}) {
  const { card, trainedAt } = serving;
  return (
    <>
      {card.lifetime && <LifetimeCharts lifetime={card.lifetime} asOf={trainedAt} />}
      <LifetimeFacts card={card} />
      {card.gains.length > 0 && (
        <div className={styles.pair}>
          <GainsChart card={card} asOf={trainedAt} />
          <CalibrationChart card={card} asOf={trainedAt} />
        </div>
      )}
      {card.candidates.length > 0 && <CandidatesChart card={card} asOf={trainedAt} />}
      {card.plain.length > 0 && <PlainFiguresTable card={card} />}
      {card.effects.some(({ importance }) => importance > 0) && <EffectsCharts card={card} asOf={trainedAt} />}
      <CardFacts prediction={prediction} model={serving} />
    </>
  );
}

function Actions({ prediction }: { readonly prediction: Prediction }) {
  const { t } = useTranslation('predictions');
  const workspace = useWorkspace();
  const start = useStartPrediction(workspace.id);
  const update = useUpdatePrediction(workspace.id, prediction.id);
  const notice = useNotice();
  if (!workspace.can('data:write')) return null;
  const busy = isRunning(prediction.run) || start.isPending;
  const begin = (kind: 'train' | 'score') => start.mutate({ id: prediction.id, kind }, { onError: notice.failed });
  const archive = (archived: boolean) =>
    update.mutate(
      { archived },
      {
        onSuccess: () =>
          archived
            ? notice.undoable(t('archivedDone', { name: prediction.name }), () => archive(false))
            : notice.done(t('restoredDone', { name: prediction.name })),
        onError: notice.failed,
      },
    );
  return (
    <>
      <Select
        value={prediction.schedule}
        aria-label={t('schedule.label')}
        onChange={(schedule) => update.mutate({ schedule }, { onError: notice.failed })}
        options={(['daily', 'weekly', 'off'] as const).map((value) => ({ value, label: t(`schedule.${value}`) }))}
      />
      {prediction.serving && (
        <Button disabled={busy} onClick={() => begin('score')}>
          {t('scoreNow')}
        </Button>
      )}
      <Button type={prediction.serving ? 'default' : 'primary'} disabled={busy} onClick={() => begin('train')}>
        {t(prediction.serving ? 'trainAgain' : 'trainNow')}
      </Button>
      <Button onClick={() => archive(prediction.archivedAt === null)} loading={update.isPending}>
        {t(prediction.archivedAt === null ? 'archive' : 'restore')}
      </Button>
    </>
  );
}

function Running({ prediction }: { readonly prediction: Prediction }) {
  const { t } = useTranslation('predictions');
  const workspace = useWorkspace();
  const cancel = useCancelPrediction(workspace.id);
  const notice = useNotice();
  const { run } = prediction;
  if (!run) return null;
  return (
    <Section
      title={t(`stage.${run.stage || 'queued'}`, { defaultValue: t('running') })}
      subtitle={t('runningHelp')}
      actions={
        workspace.can('data:write') && (
          <Button danger loading={cancel.isPending} onClick={() => cancel.mutate(run.id, { onError: notice.failed })}>
            {t('stop')}
          </Button>
        )
      }
    >
      <Progress percent={Math.round(run.progress * 100)} status="active" aria-label={t('running')} />
    </Section>
  );
}
