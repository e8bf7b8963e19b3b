import type { RecommendModel } from '@zhiyin/contract';
import { Button, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { useServeModel } from '../../../api/recommend-models.ts';
import { Instant } from '../../../components/instant.tsx';
import { Section } from '../../../components/section.tsx';
import { StateTag, type StateTone } from '../../../components/state-tag.tsx';
import { useConfirm } from '../../../components/use-confirm.ts';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../recommend.module.css';
import { useModelWords } from '../use-model-words.ts';
import { computeLift } from './compute-lift.ts';

const tones: Readonly<Record<RecommendModel['state'], StateTone>> = {
  serving: 'good',
  candidate: 'busy',
  retired: 'plain',
  rejected: 'caution',
};

type Props = { readonly models: readonly RecommendModel[]; readonly open: (version: number) => void };

/** Every version: how good, how much of the catalogue, how long it took; and the way back to it. */
export function ModelsTable({ models, open }: Props) {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  const workspace = useWorkspace();
  const serve = useServeModel(workspace.id);
  const confirm = useConfirm();
  const notice = useNotice();
  const { modelName } = useModelWords();
  const serving = models.find((model) => model.state === 'serving');
  const mayWrite = workspace.can('data:write');
  const ask = (model: RecommendModel) =>
    confirm({
      title: t('models.serve.title', { version: model.version, model: modelName(model.kind) }),
      consequence: [
        serving
          ? t('models.serve.consequence', { version: serving.version, model: modelName(serving.kind) })
          : t('models.serve.consequenceFirst'),
        model.state === 'rejected' ? t('models.serve.warnRejected') : '',
        t('models.serve.back'),
      ]
        .filter(Boolean)
        .join(t('sentenceGap')),
      action: t('models.serve.action', { version: model.version }),
      run: () =>
        serve
          .mutateAsync(model.version)
          .then(() => notice.done(t('models.serve.done', { version: model.version })), notice.failed),
    });
  return (
    <Section title={t('models.list')} subtitle={t('models.listHelp')} flush>
      <Table<RecommendModel>
        rowKey="version"
        dataSource={[...models]}
        pagination={models.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
        scroll={{ x: 960 }}
        columns={[
          {
            title: t('models.column.version'),
            render: (_, model) => (
              <div className={styles.name}>
                <Button
                  type="link"
                  size="small"
                  style={{ padding: 0, justifySelf: 'start' }}
                  onClick={() => open(model.version)}
                >
                  <b>{t('models.versionOf', { version: model.version, model: modelName(model.kind) })}</b>
                </Button>
                <span className={styles.small}>
                  <Instant at={model.trainedAt} />
                </span>
              </div>
            ),
          },
          {
            title: t('models.column.state'),
            render: (_, model) => (
              <div className={styles.name}>
                <span>
                  <StateTag tone={tones[model.state]}>{t(`models.state.${model.state}`)}</StateTag>
                </span>
                {model.state === 'serving' && model.servedSince && (
                  <span className={styles.small}>
                    {t('models.since')} <Instant at={model.servedSince} />
                  </span>
                )}
              </div>
            ),
          },
          {
            title: t('models.column.ndcg'),
            align: 'right',
            render: (_, model) => (model.measures ? formats.rate(model.measures.ndcg, 1) : '–'),
          },
          {
            title: t('models.column.lift'),
            align: 'right',
            render: (_, model) => {
              const lift = computeLift(model);
              return lift === null ? '–' : formats.change(lift.change);
            },
          },
          {
            title: t('models.column.recall'),
            align: 'right',
            render: (_, model) => (model.measures ? formats.rate(model.measures.recall, 1) : '–'),
          },
          {
            title: t('models.column.coverage'),
            align: 'right',
            render: (_, model) => (model.measures ? formats.rate(model.measures.coverage) : '–'),
          },
          {
            title: t('models.column.took'),
            align: 'right',
            render: (_, model) => formats.duration(model.fitSeconds * 1_000),
          },
          {
            title: t('models.column.size'),
            align: 'right',
            render: (_, model) => <span style={{ whiteSpace: 'nowrap' }}>{formats.bytes(model.sizeBytes)}</span>,
          },
          {
            key: 'actions',
            align: 'right',
            render: (_, model) =>
              mayWrite &&
              model.state !== 'serving' && (
                <Button size="small" onClick={() => ask(model)}>
                  {t(model.servedSince === null ? 'models.serveThis' : 'models.rollBack')}
                </Button>
              ),
          },
        ]}
      />
    </Section>
  );
}
