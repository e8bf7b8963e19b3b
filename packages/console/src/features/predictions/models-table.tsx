import { useQuery } from '@tanstack/react-query';
import type { Prediction, PredictionModel } from '@zhiyin/contract';
import { Button, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { predictionModelsQuery, useServePrediction } from '../../api/predictions.ts';
import { QueryState } from '../../components/query-state.tsx';
import { Section } from '../../components/section.tsx';
import { TableSkeleton } from '../../components/skeletons.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { useNotice } from '../../components/use-notice.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import { useFormats } from '../../format/use-formats.ts';
import { usePredictionWords } from './use-prediction-words.ts';

/** Versions of the model, newest first; an earlier one can be taken back into service. */
export function ModelsTable({ prediction }: { readonly prediction: Prediction }) {
  const { t } = useTranslation('predictions');
  const workspace = useWorkspace();
  const formats = useFormats();
  const words = usePredictionWords();
  const models = useQuery(predictionModelsQuery(workspace.id, prediction.id));
  const serve = useServePrediction(workspace.id, prediction.id);
  const notice = useNotice();
  const current = prediction.serving?.version;
  const use = (version: number) =>
    serve.mutate(version, {
      onSuccess: () => {
        if (current === undefined) notice.done(t('models.serves', { version }));
        else notice.undoable(t('models.serves', { version }), () => serve.mutate(current, { onError: notice.failed }));
      },
      onError: notice.failed,
    });
  return (
    <Section title={t('models.title')} subtitle={t('models.subtitle')} flush>
      <QueryState query={models} loading={<TableSkeleton rows={2} />}>
        {(rows) => (
          <Table<PredictionModel>
            size="middle"
            rowKey="version"
            pagination={false}
            scroll={{ x: 'max-content' }}
            dataSource={[...rows]}
            columns={[
              { title: t('models.version'), render: (_, model) => model.version },
              { title: t('models.method'), render: (_, model) => words.methodName(model.card.method) },
              {
                title: t('models.trained'),
                render: (_, model) => (
                  <span title={formats.exact(model.trainedAt)}>{formats.relative(model.trainedAt)}</span>
                ),
              },
              { title: t('models.verdict'), render: (_, model) => words.say(model.card.verdict) },
              {
                title: '',
                render: (_, model) =>
                  model.state === 'serving' ? (
                    <StateTag tone="good">{t('models.serving')}</StateTag>
                  ) : (
                    workspace.can('data:write') && (
                      <Button size="small" loading={serve.isPending} onClick={() => use(model.version)}>
                        {t('models.use')}
                      </Button>
                    )
                  ),
              },
            ]}
          />
        )}
      </QueryState>
    </Section>
  );
}
