import { useQuery } from '@tanstack/react-query';
import { type DeedName, type DeedWeight, type DeedWeights, deedNames, type RecommendWeights } from '@zhiyin/contract';
import { Button, InputNumber, Slider, Space, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { recommendWeightsQuery, useSaveWeights } from '../../../api/recommend-weights.ts';
import { Count } from '../../../components/count.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { TableSkeleton } from '../../../components/skeletons.tsx';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import styles from '../recommend.module.css';

const most = 10;

/** What a view, an order, a refund say about taste: used by answers at once, and by the next training. */
export function WeightsEditor() {
  const { t } = useTranslation('recommend');
  const workspace = useWorkspace();
  const weights = useQuery(recommendWeightsQuery(workspace.id));
  const mayWrite = workspace.can('data:write');
  return (
    <Section title={t('weights.title')} subtitle={t(mayWrite ? 'weights.subtitle' : 'editor.readOnly')} flush>
      <QueryState query={weights} loading={<TableSkeleton rows={9} />}>
        {(data) => <Editor key={data.updatedAt ?? ''} known={data} mayWrite={mayWrite} />}
      </QueryState>
    </Section>
  );
}

function Editor({ known, mayWrite }: { readonly known: RecommendWeights; readonly mayWrite: boolean }) {
  const { t } = useTranslation('recommend');
  const workspace = useWorkspace();
  const notice = useNotice();
  const save = useSaveWeights(workspace.id);
  const [draft, setDraft] = useState<DeedWeights>(known.weights);
  const change = (deed: DeedName, next: Partial<DeedWeight>) =>
    setDraft((before) => ({ ...before, [deed]: { ...before[deed], ...next } }));
  const isChanged = JSON.stringify(draft) !== JSON.stringify(known.weights);
  const isDefault = JSON.stringify(known.weights) === JSON.stringify(known.defaults);
  const isNothing = deedNames.every((deed) => draft[deed].weight <= 0);
  const put = (next: DeedWeights | null) =>
    save.mutate(next, {
      onSuccess: () => notice.undoable(t('weights.saved'), () => save.mutate(known.weights)),
      onError: notice.failed,
    });
  return (
    <>
      <Table
        size="small"
        rowKey="deed"
        pagination={false}
        scroll={{ x: 720 }}
        dataSource={known.deeds30d}
        columns={[
          { title: t('weights.deed'), render: (_, { deed }) => <b>{t(`did.${deed}`)}</b> },
          {
            title: t('weights.happened'),
            align: 'right',
            render: (_, { deeds }) => <Count value={deeds} />,
          },
          {
            title: t('weights.weight'),
            width: 300,
            render: (_, { deed }) => (
              <div className={styles.weight}>
                <Slider
                  min={-most}
                  max={most}
                  step={0.5}
                  value={draft[deed].weight}
                  disabled={!mayWrite}
                  included={false}
                  tooltip={{ formatter: (at) => at }}
                  ariaLabelForHandle={t('weights.weightOf', { deed: t(`did.${deed}`) })}
                  onChange={(weight) => change(deed, { weight })}
                />
                <b className="tabular">{draft[deed].weight > 0 ? `+${draft[deed].weight}` : draft[deed].weight}</b>
                <span className={styles.small}>{t(`weights.says.${sayOf(draft[deed].weight)}`)}</span>
              </div>
            ),
          },
          {
            title: t('weights.halfLife'),
            align: 'right',
            render: (_, { deed }) => (
              <InputNumber
                size="small"
                min={1}
                max={3_650}
                precision={0}
                value={draft[deed].halfLifeDays}
                disabled={!mayWrite}
                suffix={t('bought.days')}
                aria-label={t('weights.halfLifeOf', { deed: t(`did.${deed}`) })}
                style={{ width: 120 }}
                onChange={(value) => change(deed, { halfLifeDays: value ?? known.defaults[deed].halfLifeDays })}
              />
            ),
          },
        ]}
      />
      {mayWrite && (
        <div className={styles.actions}>
          <span className={styles.small} role="status">
            {isNothing ? t('weights.nothing') : isChanged ? t('weights.unsaved') : ''}
          </span>
          <Space wrap>
            <Button disabled={isDefault || save.isPending} onClick={() => put(null)}>
              {t('weights.reset')}
            </Button>
            <Button disabled={!isChanged} onClick={() => setDraft(known.weights)}>
              {t('draft.discard')}
            </Button>
            <Button
              type="primary"
              disabled={!isChanged || isNothing}
              loading={save.isPending}
              onClick={() => put(draft)}
            >
              {t('weights.save')}
            </Button>
          </Space>
        </div>
      )}
    </>
  );
}

function sayOf(weight: number): 'much' | 'some' | 'nothing' | 'against' {
  if (weight >= 4) return 'much';
  if (weight > 0) return 'some';
  return weight === 0 ? 'nothing' : 'against';
}
