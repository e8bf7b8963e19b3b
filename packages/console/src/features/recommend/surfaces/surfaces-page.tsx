import { useQuery } from '@tanstack/react-query';
import type { RecommendQuality, RecommendStatus, Surface } from '@zhiyin/contract';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { recommendStatusQuery } from '../../../api/recommend-models.ts';
import { recommendQualityQuery } from '../../../api/recommend-quality.ts';
import { surfacesQuery } from '../../../api/recommend-surfaces.ts';
import { PageHead } from '../../../components/page-head.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { lastDays, today } from '../../../components/range.ts';
import { Section } from '../../../components/section.tsx';
import { TableSkeleton } from '../../../components/skeletons.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../recommend.module.css';
import { sumOutcomes } from '../sum-outcomes.ts';
import { useModelWords } from '../use-model-words.ts';
import { CreateSurface } from './create-surface.tsx';
import { ReadyNotice } from './ready-notice.tsx';
import { SurfacesTable } from './surfaces-table.tsx';

const days = 7;

/** Where recommendations show, what answers there, and whether people take them. */
export function SurfacesPage() {
  const { t } = useTranslation('recommend');
  const workspace = useWorkspace();
  const surfaces = useQuery(surfacesQuery(workspace.id));
  const status = useQuery(recommendStatusQuery(workspace.id));
  const quality = useQuery(recommendQualityQuery(workspace.id, lastDays(days, today(workspace.timeZone))));
  const [isCreating, setCreating] = useState(false);
  const answer = useAnswer(surfaces.data, status.data, quality.data);
  return (
    <>
      <PageHead
        title={t('surfaces.title')}
        answer={answer}
        actions={
          workspace.can('data:write') ? (
            <Button onClick={() => setCreating(true)}>{t('surfaces.create')}</Button>
          ) : undefined
        }
      />
      <div className={styles.stack}>
        {status.data && <ReadyNotice status={status.data} />}
        <Section title={t('surfaces.list')} subtitle={t('surfaces.listHelp', { days })} flush>
          <QueryState query={surfaces} loading={<TableSkeleton rows={6} />}>
            {(rows) => <SurfacesTable surfaces={rows} status={status.data} quality={quality.data} />}
          </QueryState>
        </Section>
      </div>
      <CreateSurface open={isCreating} close={() => setCreating(false)} taken={surfaces.data ?? []} />
    </>
  );
}

function useAnswer(
  surfaces: readonly Surface[] | undefined,
  status: RecommendStatus | undefined,
  quality: RecommendQuality | undefined,
): string | undefined {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  const { modelName } = useModelWords();
  if (!surfaces || !status) return undefined;
  if (status.catalogue.items === 0) return t('surfaces.answerNoItems');
  const count = surfaces.filter((surface) => surface.enabled).length;
  const model = status.model ? modelName(status.model.kind) : null;
  const { answers, clickRate } = sumOutcomes(quality?.rows ?? []);
  const who = model
    ? t('surfaces.answerModel', { count, shown: formats.count(count), model })
    : t('surfaces.answerNoModel', { count, shown: formats.count(count) });
  if (answers === 0 || clickRate === null) return who;
  const lists = t('surfaces.answerClicks', {
    count: answers,
    shown: formats.count(answers),
    rate: formats.rate(clickRate.value, 1),
    days,
  });
  return [who, lists].join(t('sentenceGap'));
}
