import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { RecommendModel } from '@zhiyin/contract';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { recommendModelsQuery } from '../../../api/recommend-models.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { PageHead } from '../../../components/page-head.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { PageSkeleton } from '../../../components/skeletons.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../recommend.module.css';
import { useModelWords } from '../use-model-words.ts';
import { computeLift } from './compute-lift.ts';
import { ModelCard } from './model-card.tsx';
import { ModelsChart } from './models-chart.tsx';
import { ModelsTable } from './models-table.tsx';
import { TriedChart } from './tried-chart.tsx';

/** Which model answers and why: every version against showing everybody the most popular. */
export function ModelsPage() {
  const { t } = useTranslation('recommend');
  const { id } = useWorkspace();
  const models = useQuery(recommendModelsQuery(id));
  const { version } = useSearch({ strict: false }) as { version?: number };
  const navigate = useNavigate();
  const open = (next: number | undefined) =>
    void navigate({ to: '/w/$workspaceId/recommend/models', params: true as never, search: { version: next } });
  const answer = useAnswer(models.data);
  return (
    <>
      <PageHead title={t('models.title')} answer={answer} />
      <QueryState query={models} loading={<PageSkeleton />}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState
              sentence={t('models.empty')}
              example={t('models.emptyExample')}
              action={
                <Link to="/w/$workspaceId/recommend/training" params={true as never}>
                  <Button type="primary">{t('models.toTraining')}</Button>
                </Link>
              }
            />
          ) : (
            <div className={styles.stack}>
              <ModelsChart models={rows} />
              <ModelsTable models={rows} open={open} />
              <TriedChart model={rows.find((row) => row.state === 'serving') ?? rows[0]!} />
              <ModelCard model={rows.find((row) => row.version === version)} close={() => open(undefined)} />
            </div>
          )
        }
      </QueryState>
    </>
  );
}

function useAnswer(models: readonly RecommendModel[] | undefined): string | undefined {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  const { modelName } = useModelWords();
  if (!models || models.length === 0) return undefined;
  const serving = models.find((model) => model.state === 'serving');
  if (!serving) return t('models.answerNone', { count: models.length });
  const named = { model: modelName(serving.kind), version: serving.version };
  const lift = computeLift(serving);
  if (lift === null) return t('models.answerUnmeasured', named);
  if (lift.change <= 0) return t('models.answerNoBetter', named);
  return t(lift.isSure ? 'models.answer' : 'models.answerUnsure', {
    ...named,
    lift: formats.rate(lift.change),
    count: lift.people,
    people: formats.count(lift.people),
  });
}
