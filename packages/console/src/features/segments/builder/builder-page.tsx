import { RedoOutlined, UndoOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { Segment, SegmentRule } from '@zhiyin/contract';
import { Button, Form, Input, Tooltip } from 'antd';
import { type KeyboardEvent, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listsQuery, tagsQuery } from '../../../api/audiences.ts';
import { segmentQuery, segmentsQuery, segmentVocabularyQuery, useSaveSegment } from '../../../api/segments.ts';
import { PageHead } from '../../../components/page-head.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { PageSkeleton } from '../../../components/skeletons.tsx';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useNoteWords } from '../use-note-words.ts';
import styles from './builder.module.css';
import { EditGroup } from './edit-part.tsx';
import { firstCondition } from './first-conditions.ts';
import { PreviewPanel, useRulePreview } from './preview-panel.tsx';
import { partAt, toDraft } from './rule-draft.ts';
import { useLeaveGuard } from './use-leave-guard.ts';
import { useRuleDraft } from './use-rule-draft.ts';
import { VocabularyContext } from './vocabulary-context.ts';
import { WordsBox } from './words-box.tsx';

const newRoute = getRouteApi('/w/$workspaceId/segments/new');
const editRoute = getRouteApi('/w/$workspaceId/segments/$segmentId/edit');

/** A new segment; it may begin with a rule that another page brings. */
export function NewSegmentPage() {
  const { rule } = newRoute.useSearch();
  const first: SegmentRule = rule ?? { kind: 'all', of: [firstCondition('event')] };
  return <Builder segment={null} first={first} key={JSON.stringify(rule ?? null)} />;
}

export function EditSegmentPage() {
  const { segmentId } = editRoute.useParams();
  const workspace = useWorkspace();
  const segment = useQuery(segmentQuery(workspace.id, Number(segmentId)));
  return (
    <QueryState query={segment} loading={<PageSkeleton />}>
      {(found) => <Builder segment={found} first={found.rule} key={found.id} />}
    </QueryState>
  );
}

function Builder({ segment, first }: { readonly segment: Segment | null; readonly first: SegmentRule }) {
  const { t } = useTranslation('segments');
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const notice = useNotice();
  const edited = useRuleDraft(first);
  const { draft, change, rule, incomplete, undo, redo } = edited;
  const [name, setName] = useState(segment?.name ?? '');
  const [description, setDescription] = useState(segment?.description ?? '');
  const [isSaved, setSaved] = useState(false);
  const save = useSaveSegment(workspace.id);
  const found = useRulePreview(rule, segment?.id ?? null);
  const noteWords = useNoteWords();
  const vocabulary = useVocabularyOf(segment?.id ?? null);
  const isChanged = edited.canUndo || name !== (segment?.name ?? '') || description !== (segment?.description ?? '');
  useLeaveGuard(isChanged && !isSaved);

  const warnings = found.preview.data?.warnings;
  const notes = useMemo(() => {
    const byPart = new Map<string, string[]>();
    for (const note of warnings ?? []) {
      const key = partAt(draft, note.path);
      byPart.set(key, [...(byPart.get(key) ?? []), noteWords(note)]);
    }
    return byPart;
  }, [warnings, draft, noteWords]);

  // Where to go once the page knows that nothing is unsaved any more.
  const [savedId, setSavedId] = useState<number | null>(null);
  useEffect(() => {
    if (savedId === null || !isSaved) return;
    void navigate({
      to: '/w/$workspaceId/segments/$segmentId',
      params: { workspaceId: String(workspace.id), segmentId: String(savedId) },
    });
  }, [savedId, isSaved, navigate, workspace.id]);

  const keep = () => {
    if (rule === null || name.trim() === '') return;
    save.mutate(
      { segmentId: segment?.id ?? null, body: { name: name.trim(), description: description.trim(), rule } },
      {
        onSuccess: ({ id }) => {
          setSaved(true);
          setSavedId(id);
        },
        onError: notice.failed,
      },
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isText = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
    if (isText || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
    event.preventDefault();
    if (event.shiftKey) redo();
    else undo();
  };
  return (
    <VocabularyContext value={vocabulary}>
      <PageHead
        title={segment ? t('builder.edit', { name: segment.name }) : t('builder.new')}
        answer={t('builder.answer')}
      />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: shortcuts; the buttons do the same */}
      <div className={styles.page} onKeyDown={onKeyDown}>
        <div className={styles.main}>
          <WordsBox onRule={(next) => change(() => toDraft(next))} />
          <Section
            title={t('builder.rule')}
            subtitle={t('builder.ruleHelp')}
            actions={
              <>
                <Tooltip title={t('builder.undo')}>
                  <Button
                    icon={<UndoOutlined />}
                    aria-label={t('builder.undo')}
                    disabled={!edited.canUndo}
                    onClick={undo}
                  />
                </Tooltip>
                <Tooltip title={t('builder.redo')}>
                  <Button
                    icon={<RedoOutlined />}
                    aria-label={t('builder.redo')}
                    disabled={!edited.canRedo}
                    onClick={redo}
                  />
                </Tooltip>
              </>
            }
          >
            <EditGroup group={draft} isRoot change={change} notes={notes} incomplete={incomplete} />
          </Section>
          <Section title={t('builder.about')}>
            <Form layout="vertical" requiredMark={false} onFinish={keep}>
              <Form.Item label={t('builder.name')} htmlFor="segment-name">
                <Input
                  id="segment-name"
                  value={name}
                  maxLength={120}
                  placeholder={t('builder.nameExample')}
                  onChange={({ target }) => setName(target.value)}
                />
              </Form.Item>
              <Form.Item label={t('builder.description')} htmlFor="segment-description" style={{ marginBottom: 0 }}>
                <Input.TextArea
                  id="segment-description"
                  value={description}
                  maxLength={1_000}
                  autoSize={{ minRows: 2, maxRows: 6 }}
                  onChange={({ target }) => setDescription(target.value)}
                />
              </Form.Item>
            </Form>
          </Section>
          <div className={styles.foot}>
            <Button
              type="primary"
              onClick={keep}
              loading={save.isPending}
              disabled={rule === null || name.trim() === ''}
            >
              {t(segment ? 'builder.save' : 'builder.create')}
            </Button>
            {rule === null ? (
              <span className="faint">{t(edited.isEmpty ? 'builder.empty' : 'builder.incompleteRule')}</span>
            ) : name.trim() === '' ? (
              <span className="faint">{t('builder.nameMissing')}</span>
            ) : null}
          </div>
        </div>
        <div className={styles.side}>
          <PreviewPanel rule={rule} found={found} />
        </div>
      </div>
    </VocabularyContext>
  );
}

function useVocabularyOf(ownId: number | null) {
  const { id } = useWorkspace();
  const known = useQuery(segmentVocabularyQuery(id)).data;
  const segments = useQuery(segmentsQuery(id)).data;
  const lists = useQuery(listsQuery(id)).data;
  const tags = useQuery(tagsQuery(id)).data;
  return useMemo(
    () => ({
      known,
      segments: (segments ?? []).filter((one) => one.id !== ownId),
      lists: lists ?? [],
      tags: tags ?? [],
    }),
    [known, segments, lists, tags, ownId],
  );
}
