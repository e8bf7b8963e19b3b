import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Prediction } from '@zhiyin/contract';
import { Button, Progress } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isRunning, predictionsQuery } from '../../api/predictions.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { PageSkeleton } from '../../components/skeletons.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import { useFormats } from '../../format/use-formats.ts';
import { CreatePrediction } from './create-prediction.tsx';
import styles from './predictions.module.css';
import { ScoreBars } from './score-bars.tsx';
import { usePredictionWords } from './use-prediction-words.ts';

/** Everything that is foretold of people, each on its own sheet: whether it works, how well, and for how many. */
export function PredictionsPage() {
  const { t } = useTranslation('predictions');
  const workspace = useWorkspace();
  const predictions = useQuery(predictionsQuery(workspace.id));
  const [creating, setCreating] = useState(false);
  const mayWrite = workspace.can('data:write');
  const button = mayWrite && (
    <Button type="primary" onClick={() => setCreating(true)}>
      {t('create.open')}
    </Button>
  );
  const shown = predictions.data?.filter(({ archivedAt }) => archivedAt === null);
  const archived = predictions.data?.filter(({ archivedAt }) => archivedAt !== null) ?? [];
  return (
    <>
      <PageHead title={t('title')} answer={useAnswer(shown)} actions={button || undefined} />
      <QueryState query={{ ...predictions, data: shown }} loading={<PageSkeleton />}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState sentence={t('empty.sentence')} example={t('empty.example')} action={button} />
          ) : (
            <ul className={styles.sheets}>
              {rows.map((prediction) => (
                <Sheet key={prediction.id} prediction={prediction} />
              ))}
            </ul>
          )
        }
      </QueryState>
      {archived.length > 0 && (
        <details className={styles.archived}>
          <summary>{t('archived', { count: archived.length })}</summary>
          <ul className={styles.sheets}>
            {archived.map((prediction) => (
              <Sheet key={prediction.id} prediction={prediction} />
            ))}
          </ul>
        </details>
      )}
      {creating && <CreatePrediction close={() => setCreating(false)} taken={predictions.data ?? []} />}
    </>
  );
}

function Sheet({ prediction }: { readonly prediction: Prediction }) {
  const { t } = useTranslation('predictions');
  const workspace = useWorkspace();
  const formats = useFormats();
  const words = usePredictionWords();
  const { serving, run, scored, warnings } = prediction;
  return (
    <li className={styles.sheet}>
      <div className={styles.sheetHead}>
        <h2>
          <Link
            to="/w/$workspaceId/predictions/$predictionId"
            params={{ workspaceId: String(workspace.id), predictionId: String(prediction.id) }}
          >
            {prediction.name}
          </Link>
        </h2>
        <StateOf prediction={prediction} />
      </div>
      <p className={styles.small}>{words.purpose(prediction)}</p>
      {isRunning(run) && (
        <Progress percent={Math.round((run?.progress ?? 0) * 100)} size="small" aria-label={t('running')} />
      )}
      {run?.said && run.state !== 'done' && <p>{words.say(run.said)}</p>}
      {serving && <p>{words.say(serving.card.verdict)}</p>}
      {scored && scored.histogram.length > 0 && <ScoreBars run={scored} />}
      {scored?.endedAt && (
        <p className={styles.small}>
          {t('scoredAgo', { people: formats.count(scored.people ?? 0), ago: formats.relative(scored.endedAt) })}
        </p>
      )}
      {warnings.map((warning) => (
        <p key={warning.code} className={styles.warning}>
          {words.say(warning)}
        </p>
      ))}
    </li>
  );
}

function StateOf({ prediction: { archivedAt, kind, run, serving, warnings } }: { readonly prediction: Prediction }) {
  const { t } = useTranslation('predictions');
  if (archivedAt) return <StateTag tone="plain">{t('state.archived')}</StateTag>;
  if (isRunning(run))
    return <StateTag tone="busy">{t(`stage.${run?.stage || 'queued'}`, { defaultValue: t('running') })}</StateTag>;
  if (!serving)
    return (
      <StateTag tone="caution">
        {t(run?.state === 'refused' ? 'state.refused' : run?.state === 'failed' ? 'state.failed' : 'state.untrained')}
      </StateTag>
    );
  if (warnings.length > 0) return <StateTag tone="caution">{t('state.warning')}</StateTag>;
  if (kind === 'anomaly') return <StateTag tone="plain">{t('state.untested')}</StateTag>;
  return (
    <StateTag tone={serving.card.earnsItsPlace ? 'good' : 'plain'}>
      {t(serving.card.earnsItsPlace ? 'state.works' : 'state.baseline')}
    </StateTag>
  );
}

function useAnswer(predictions: readonly Prediction[] | undefined): string | undefined {
  const { t } = useTranslation('predictions');
  if (!predictions || predictions.length === 0) return undefined;
  const works = predictions.filter(({ kind, serving }) => kind !== 'anomaly' && serving?.card.earnsItsPlace).length;
  const warned = predictions.filter(({ warnings }) => warnings.length > 0).length;
  return [t('answer', { count: predictions.length, works }), warned > 0 ? t('answerWarned', { count: warned }) : '']
    .filter(Boolean)
    .join(t('common:sentenceGap'));
}
