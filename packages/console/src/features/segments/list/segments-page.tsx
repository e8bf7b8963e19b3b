import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Segment } from '@zhiyin/contract';
import { Button, Input, Progress, Segmented, Table, type TableColumnsType } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listsQuery } from '../../../api/audiences.ts';
import { segmentsQuery, useArchiveSegment } from '../../../api/segments.ts';
import { Sparkline } from '../../../charts/sparkline.tsx';
import { Count } from '../../../components/count.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Instant } from '../../../components/instant.tsx';
import { PageHead } from '../../../components/page-head.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { TableSkeleton } from '../../../components/skeletons.tsx';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../segments.module.css';
import { useRuleSentence } from '../use-rule-sentence.ts';

const route = getRouteApi('/w/$workspaceId/segments/');

/** All segments: how many are in each, how that moved, and what each says. */
export function SegmentsPage() {
  const { t } = useTranslation('segments');
  const formats = useFormats();
  const workspace = useWorkspace();
  const { search, state = 'active' } = route.useSearch();
  const navigate = route.useNavigate();
  const segments = useQuery(segmentsQuery(workspace.id, { state, ...(search ? { search } : {}) }));
  const [text, setText] = useState(search ?? '');
  const find = (value: string) =>
    void navigate({ search: (before) => ({ ...before, search: value.trim() || undefined }), replace: true });
  const params = { workspaceId: String(workspace.id) };
  const create = workspace.can('people:write') ? (
    <Link to="/w/$workspaceId/segments/new" params={params}>
      <Button type="primary">{t('list.create')}</Button>
    </Link>
  ) : undefined;
  const rows = segments.data ?? [];
  const moved = rows.reduce((sum, row) => sum + row.entered7d + row.left7d, 0);
  return (
    <>
      <PageHead
        title={t('title')}
        answer={
          rows.length > 0 && state === 'active'
            ? t('list.answer', { count: rows.length, shown: formats.count(rows.length), moved: formats.count(moved) })
            : undefined
        }
        actions={create}
      />
      <search className={styles.toolbar}>
        <Input.Search
          className={styles.search!}
          value={text}
          aria-label={t('list.search')}
          placeholder={t('list.search')}
          allowClear
          onChange={({ target }) => {
            setText(target.value);
            if (target.value === '') find('');
          }}
          onSearch={find}
        />
        <Segmented
          value={state}
          aria-label={t('list.state')}
          options={(['active', 'archived'] as const).map((value) => ({ value, label: t(`list.${value}`) }))}
          onChange={(next) =>
            void navigate({ search: (before) => ({ ...before, state: next === 'archived' ? next : undefined }) })
          }
        />
      </search>
      <Section flush label={t('title')}>
        <QueryState query={segments} loading={<TableSkeleton rows={6} />}>
          {(found) =>
            found.length > 0 ? (
              <SegmentsTable segments={found} />
            ) : search || state === 'archived' ? (
              <EmptyState sentence={t('list.nothing')} />
            ) : (
              <EmptyState sentence={t('list.empty')} example={t('list.emptyExample')} action={create} />
            )
          }
        </QueryState>
      </Section>
    </>
  );
}

function SegmentsTable({ segments }: { readonly segments: readonly Segment[] }) {
  const { t } = useTranslation('segments');
  const formats = useFormats();
  const workspace = useWorkspace();
  const notice = useNotice();
  const archive = useArchiveSegment(workspace.id);
  const lists = useQuery(listsQuery(workspace.id)).data;
  const names = useMemo(
    () => ({
      segments: new Map(segments.map(({ id, name }) => [id, name])),
      lists: new Map((lists ?? []).map(({ id, name }) => [id, name])),
    }),
    [segments, lists],
  );
  const { sentenceOf } = useRuleSentence(names);
  const turn = (segment: Segment, verb: 'archive' | 'restore') =>
    archive.mutate(
      { segmentId: segment.id, verb },
      {
        onSuccess: () =>
          verb === 'archive'
            ? notice.undoable(t('list.archivedNotice', { name: segment.name }), () => turn(segment, 'restore'))
            : notice.done(t('list.restoredNotice', { name: segment.name })),
        onError: notice.failed,
      },
    );
  const columns: TableColumnsType<Segment> = [
    {
      key: 'name',
      title: t('list.name'),
      render: (_, segment) => (
        <div className={styles.name}>
          <Link
            to="/w/$workspaceId/segments/$segmentId"
            params={{ workspaceId: String(workspace.id), segmentId: String(segment.id) }}
          >
            {segment.name}
          </Link>
          <span className={styles.sentence}>{sentenceOf(segment.rule)}</span>
        </div>
      ),
    },
    {
      key: 'people',
      title: t('list.people'),
      align: 'right',
      render: (_, segment) =>
        segment.computing ? (
          <Progress
            percent={Math.floor((100 * segment.computing.done) / Math.max(1, segment.computing.total))}
            size="small"
            style={{ minWidth: 90 }}
            aria-label={t('list.computing')}
          />
        ) : segment.people === null ? (
          '–'
        ) : (
          <span style={{ display: 'grid' }}>
            <b>
              <Count value={segment.people} />
            </b>
            {segment.share !== null ? <span className={styles.small}>{formats.rate(segment.share, 1)}</span> : null}
          </span>
        ),
    },
    {
      key: 'trend',
      title: t('list.trend'),
      responsive: ['md'],
      render: (_, segment) => (
        <Sparkline
          values={segment.sizes.map(({ people }) => people)}
          label={t('list.trendLabel', { name: segment.name, people: formats.count(segment.people ?? 0) })}
        />
      ),
    },
    {
      key: 'moved',
      title: t('list.moved'),
      responsive: ['lg'],
      render: (_, segment) => (
        <span className="tabular">
          +{formats.count(segment.entered7d)} / −{formats.count(segment.left7d)}
        </span>
      ),
    },
    {
      key: 'changed',
      title: t('list.changed'),
      responsive: ['lg'],
      render: (_, segment) => <Instant at={segment.changedAt} />,
    },
    {
      key: 'act',
      title: '',
      align: 'right',
      responsive: ['sm'],
      render: (_, segment) =>
        workspace.can('people:write') ? (
          <Button
            type="text"
            size="small"
            onClick={() => turn(segment, segment.state === 'active' ? 'archive' : 'restore')}
          >
            {t(segment.state === 'active' ? 'list.archive' : 'list.restore')}
          </Button>
        ) : null,
    },
  ];
  return (
    <Table
      rowKey="id"
      columns={columns}
      dataSource={segments as Segment[]}
      pagination={{ pageSize: 50, hideOnSinglePage: true }}
      size="middle"
    />
  );
}
