import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Segment } from '@zhiyin/contract';
import { Button, Progress, Segmented, Space } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listsQuery } from '../../../api/audiences.ts';
import { segmentQuery, segmentsQuery } from '../../../api/segments.ts';
import { PageHead } from '../../../components/page-head.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { PageSkeleton } from '../../../components/skeletons.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import { ExportModal } from '../exports/export-modal.tsx';
import { ExportsTable } from '../exports/exports-table.tsx';
import { Subscriptions } from '../exports/subscriptions.tsx';
import styles from '../segments.module.css';
import { useNoteWords } from '../use-note-words.ts';
import { useRuleSentence } from '../use-rule-sentence.ts';
import { Differences } from './differences.tsx';
import { MarkModal } from './mark-modal.tsx';
import { Members } from './members.tsx';
import { Overlap } from './overlap.tsx';
import { SizeChart } from './size-chart.tsx';
import { Why } from './why.tsx';

const route = getRouteApi('/w/$workspaceId/segments/$segmentId');
const tabs = ['people', 'differences', 'overlap', 'out'] as const;

/** One segment: how many, who, why, what sets them apart, and where they are sent. */
export function SegmentPage() {
  const { segmentId } = route.useParams();
  const workspace = useWorkspace();
  const segment = useQuery(segmentQuery(workspace.id, Number(segmentId)));
  return (
    <QueryState query={segment} loading={<PageSkeleton />}>
      {(found) => <Page segment={found} key={found.id} />}
    </QueryState>
  );
}

function Page({ segment }: { readonly segment: Segment }) {
  const { t } = useTranslation('segments');
  const formats = useFormats();
  const workspace = useWorkspace();
  const navigate = route.useNavigate();
  const { tab = 'people' } = route.useSearch();
  const [opened, setOpened] = useState<'export' | 'mark' | null>(null);
  const sentence = useSentence(segment);
  const noteWords = useNoteWords();
  const params = { workspaceId: String(workspace.id), segmentId: String(segment.id) };
  const mayChange = workspace.can('people:write');
  return (
    <>
      <PageHead
        title={segment.name}
        answer={
          segment.people === null
            ? t('page.computing')
            : t('page.answer', {
                count: segment.people,
                shown: formats.count(segment.people),
                share: formats.rate(segment.share ?? 0, 1),
                entered: formats.count(segment.entered7d),
                left: formats.count(segment.left7d),
              })
        }
        actions={
          mayChange ? (
            <Space wrap>
              <Button onClick={() => setOpened('mark')}>{t('page.mark')}</Button>
              <Button onClick={() => setOpened('export')}>{t('page.export')}</Button>
              <Link to="/w/$workspaceId/segments/$segmentId/edit" params={params}>
                <Button type="primary">{t('page.edit')}</Button>
              </Link>
            </Space>
          ) : undefined
        }
      />
      <div className={styles.stack}>
        <Section label={t('builder.rule')}>
          <p>
            <b>{t('say.people')}</b> {sentence}
          </p>
          {segment.description ? <p className="faint">{segment.description}</p> : null}
          {segment.warnings.map((note) => (
            <p key={`${note.path} ${note.code}`} style={{ color: 'var(--amber)' }}>
              {noteWords(note)}
            </p>
          ))}
          {segment.computing ? (
            <Progress
              percent={Math.floor((100 * segment.computing.done) / Math.max(1, segment.computing.total))}
              aria-label={t('list.computing')}
            />
          ) : null}
        </Section>
        <SizeChart segment={segment} />
        <div>
          <Segmented
            value={tab}
            aria-label={t('page.tabs')}
            options={tabs.map((value) => ({ value, label: t(`page.tab.${value}`) }))}
            onChange={(next) => void navigate({ search: { tab: next }, replace: true })}
          />
        </div>
        {tab === 'people' ? (
          <>
            <Why segment={segment} />
            <Members segment={segment} />
          </>
        ) : null}
        {tab === 'differences' ? <Differences segment={segment} /> : null}
        {tab === 'overlap' ? <Overlap segment={segment} /> : null}
        {tab === 'out' ? (
          <>
            <ExportsTable of={{ segmentId: segment.id }} />
            <Subscriptions segmentId={segment.id} />
          </>
        ) : null}
      </div>
      {opened === 'export' ? (
        <ExportModal
          of={{ segmentId: segment.id }}
          name={segment.name}
          people={segment.people ?? 0}
          close={() => setOpened(null)}
        />
      ) : null}
      {opened === 'mark' ? (
        <MarkModal
          people={{ segmentId: segment.id }}
          count={segment.people ?? 0}
          name={segment.name}
          close={() => setOpened(null)}
        />
      ) : null}
    </>
  );
}

function useSentence(segment: Segment): string {
  const workspace = useWorkspace();
  const segments = useQuery(segmentsQuery(workspace.id)).data;
  const lists = useQuery(listsQuery(workspace.id)).data;
  const names = useMemo(
    () => ({
      segments: new Map((segments ?? []).map(({ id, name }) => [id, name])),
      lists: new Map((lists ?? []).map(({ id, name }) => [id, name])),
    }),
    [segments, lists],
  );
  return useRuleSentence(names).sentenceOf(segment.rule);
}
