import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { Surface, SurfaceUpdate } from '@zhiyin/contract';
import { Button } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { surfacesQuery, useSaveSurface } from '../../../api/recommend-surfaces.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { PageHead } from '../../../components/page-head.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { PageSkeleton } from '../../../components/skeletons.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import { ChainPicture } from '../chain-picture.tsx';
import { useSurfaceName } from '../use-surface-name.ts';
import { toUpdate } from './draft.ts';
import { DraftBar } from './draft-bar.tsx';
import { Preview } from './preview.tsx';
import { RuleEditor } from './rule-editor.tsx';
import styles from './surface.module.css';
import { SurfaceMenu } from './surface-menu.tsx';
import { type Draft, useDraft } from './use-draft.ts';
import { useLeaveGuard } from './use-leave-guard.ts';

/** One place that shows recommendations: what it would show whom, and its rules. */
export function SurfacePage() {
  const { t } = useTranslation('recommend');
  const { id } = useWorkspace();
  const { surface: name = '' } = useParams({ strict: false }) as { surface?: string };
  const surfaces = useQuery(surfacesQuery(id));
  return (
    <QueryState query={surfaces} loading={<PageSkeleton />}>
      {(rows) => {
        const surface = rows.find((row) => row.surface === name);
        if (surface) return <OneSurface key={surface.surface} surface={surface} />;
        return (
          <EmptyState
            sentence={t('surface.missing', { surface: name })}
            action={
              <Link to="/w/$workspaceId/recommend/surfaces" params={true as never}>
                <Button>{t('surface.toList')}</Button>
              </Link>
            }
          />
        );
      }}
    </QueryState>
  );
}

function OneSurface({ surface }: { readonly surface: Surface }) {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  const workspace = useWorkspace();
  const saved = useMemo(() => toUpdate(surface), [surface]);
  const draft = useDraft(saved);
  const save = useSave(surface.surface, saved, draft);
  const mayWrite = workspace.can('data:write');
  useLeaveGuard(draft.changes.length);
  const nameOf = useSurfaceName([surface]);
  return (
    <>
      <PageHead
        title={nameOf(surface.surface)}
        answer={t(surface.enabled ? 'surface.answer' : 'surface.answerOff', {
          count: surface.k,
          method: t(`method.inSentence.${surface.chain[0]}`),
          answers: formats.count(surface.answers7d),
        })}
        actions={
          <>
            {surface.enabled ? (
              <StateTag tone="good">{t('surfaces.on')}</StateTag>
            ) : (
              <StateTag tone="plain">{t('surfaces.off')}</StateTag>
            )}
            <ChainPicture chain={draft.draft.chain} />
            {mayWrite && <SurfaceMenu surface={surface} discard={draft.discard} />}
          </>
        }
      />
      <div className={styles.columns}>
        <div className={styles.preview}>
          <Preview surface={surface.surface} draft={draft} />
        </div>
        <div className={styles.editor}>
          <RuleEditor draft={draft} mayWrite={mayWrite} />
        </div>
      </div>
      {draft.changes.length > 0 && <DraftBar draft={draft} save={save.run} isSaving={save.isSaving} />}
    </>
  );
}

/** Saves the draft for all visitors; what held before is one click away. */
function useSave(surface: string, saved: SurfaceUpdate, draft: Draft) {
  const { t } = useTranslation('recommend');
  const { id } = useWorkspace();
  const save = useSaveSurface(id);
  const notice = useNotice();
  const put = (body: SurfaceUpdate) => save.mutateAsync({ surface, body });
  const run = () =>
    void put(draft.draft).then(() => {
      draft.discard();
      notice.undoable(t('draft.saved'), () => void put(saved).catch(notice.failed));
    }, notice.failed);
  return { run, isSaving: save.isPending };
}
