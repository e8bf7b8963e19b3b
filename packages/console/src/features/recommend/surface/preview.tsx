import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { RecommendAnswer, RecommendPreview, SurfaceKind } from '@zhiyin/contract';
import { useDeferredValue, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { itemsQuery } from '../../../api/library.ts';
import { peopleQuery } from '../../../api/people.ts';
import { recommendPreviewQuery } from '../../../api/recommend-surfaces.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { TableSkeleton } from '../../../components/skeletons.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import { ItemList } from './item-list.tsx';
import { ItemsPicker } from './items-picker.tsx';
import { PersonPicker } from './person-picker.tsx';
import { PreviewInside } from './preview-inside.tsx';
import styles from './surface.module.css';
import type { Draft } from './use-draft.ts';

/** Which surfaces ask about items at hand, and how many a first look takes. */
const itemsAtHand: Partial<Record<SurfaceKind, number>> = { similar: 1, cart: 1, after_purchase: 1, search: 24 };
const typingMs = 350;

/** What the surface would show this person now, beside what it shows to somebody unknown; with the unsaved rules. */
export function Preview({ surface, draft }: { readonly surface: string; readonly draft: Draft }) {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  const workspace = useWorkspace();
  const search = useSearch({ strict: false }) as { person?: string; items?: string };
  const navigate = useNavigate();
  const go = (next: { person?: string; items?: string }) =>
    void navigate({ to: '.', search: (before: object) => ({ ...before, ...next }) as never, replace: true });

  const kind = draft.draft.kind;
  const buyers = useInfiniteQuery(peopleQuery(workspace.id, { sort: 'revenue', limit: 3 }));
  const shelf = useInfiniteQuery(itemsQuery(workspace.id, {}));
  const person = search.person ?? buyers.data?.pages[0]?.rows[0]?.profileId;
  const firstItems = (shelf.data?.pages[0]?.rows ?? []).slice(0, itemsAtHand[kind] ?? 0).map((item) => item.itemId);
  const items = search.items ? search.items.split(',') : firstItems;

  const isDraft = draft.changes.length > 0 && draft.problems.length === 0;
  const settled = useSettled(isDraft ? draft.draft : undefined, typingMs);
  const question: RecommendPreview = {
    surface,
    context: contextOf(kind, items),
    ...(settled ? { draft: settled } : {}),
  };
  const isReady = !buyers.isPending && (itemsAtHand[kind] === undefined || !shelf.isPending);
  const personal = useQuery({
    ...recommendPreviewQuery(workspace.id, { ...question, person: { profileId: person ?? '0' } }),
    enabled: isReady && person !== undefined,
  });
  const plain = useQuery({ ...recommendPreviewQuery(workspace.id, question), enabled: isReady });
  const finding = useFinding(personal.data, plain.data);

  return (
    <>
      <Section
        title={finding}
        subtitle={
          isDraft
            ? t('preview.withDraft')
            : draft.problems.length > 0
              ? t('preview.withProblems')
              : t('preview.subtitle', { zone: formats.timeZone })
        }
      >
        <div className={styles.controls}>
          <div className={styles.control}>
            <label htmlFor="preview-person">{t('preview.person')}</label>
            <PersonPicker id="preview-person" value={person} onChange={(profileId) => go({ person: profileId })} />
          </div>
          {itemsAtHand[kind] !== undefined && (
            <div className={styles.control}>
              <label htmlFor="preview-items">{t(`preview.items.${kind}`)}</label>
              <ItemsPicker
                id="preview-items"
                value={items}
                single={kind === 'similar'}
                onChange={(next) => go({ items: next.join(',') || undefined })}
              />
            </div>
          )}
        </div>
        <div className={styles.lists} data-stale={personal.isPlaceholderData || plain.isPlaceholderData}>
          {person === undefined && isReady ? (
            <EmptyState sentence={t('preview.nobody')} example={t('preview.nobodyExample')} />
          ) : (
            <QueryState query={personal} loading={<TableSkeleton rows={6} says={t('preview.waiting')} />}>
              {(answer) => (
                <ItemList
                  title={t('preview.forPerson')}
                  answer={answer}
                  others={plain.data?.items.map((item) => item.itemId)}
                />
              )}
            </QueryState>
          )}
          <QueryState query={plain} loading={<TableSkeleton rows={6} says={t('preview.waiting')} />}>
            {(answer) => <ItemList title={t('preview.forStranger')} answer={answer} />}
          </QueryState>
        </div>
      </Section>
      {(personal.data ?? plain.data) && <PreviewInside answer={(personal.data ?? plain.data)!} />}
    </>
  );
}

function contextOf(kind: SurfaceKind, items: readonly string[]): RecommendPreview['context'] {
  if (items.length === 0) return undefined;
  if (kind === 'similar') return { itemId: items[0]! };
  if (kind === 'search') return { candidates: [...items] };
  return itemsAtHand[kind] === undefined ? undefined : { cart: [...items] };
}

/** The section's title says what personalising changes: that is what the two lists are compared for. */
function useFinding(personal: RecommendAnswer | undefined, plain: RecommendAnswer | undefined): string {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  if (!personal || !plain || personal.items.length === 0) return t('preview.title');
  if (!personal.personalised) return t('preview.findingNone');
  const common = new Set(plain.items.map((item) => item.itemId));
  const different = personal.items.filter((item) => !common.has(item.itemId)).length;
  if (different === 0) return t('preview.findingSame', { count: personal.items.length });
  return t('preview.finding', { different: formats.count(different), count: personal.items.length });
}

/** The value once it has been still for a while: sliders move in many small steps. */
function useSettled<Value>(value: Value, stillMs: number): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), stillMs);
    return () => clearTimeout(timer);
  }, [value, stillMs]);
  return useDeferredValue(settled);
}
