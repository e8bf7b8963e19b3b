import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { List } from '@zhiyin/contract';
import { Button, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listMembersQuery, listQuery, useArchiveList } from '../../../api/audiences.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { PageHead } from '../../../components/page-head.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { PageSkeleton, TableSkeleton } from '../../../components/skeletons.tsx';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import { ExportModal } from '../exports/export-modal.tsx';
import { ExportsTable } from '../exports/exports-table.tsx';
import { PeopleRows } from '../people-rows.tsx';
import { MarkModal } from '../segment/mark-modal.tsx';
import styles from '../segments.module.css';
import { Changes } from './lists-page.tsx';
import { UploadPart } from './upload-part.tsx';

const route = getRouteApi('/w/$workspaceId/segments/lists/$listId');

/** One list: who is on it, and files that put people there. */
export function ListPage() {
  const { listId } = route.useParams();
  const workspace = useWorkspace();
  const list = useQuery(listQuery(workspace.id, Number(listId)));
  return (
    <QueryState query={list} loading={<PageSkeleton />}>
      {(found) => <Page list={found} key={found.id} />}
    </QueryState>
  );
}

function Page({ list }: { readonly list: List }) {
  const { t } = useTranslation('segments');
  const formats = useFormats();
  const workspace = useWorkspace();
  const notice = useNotice();
  const archive = useArchiveList(workspace.id);
  const [opened, setOpened] = useState<'export' | 'mark' | null>(null);
  const members = useInfiniteQuery(listMembersQuery(workspace.id, list.id));
  const rows = members.data?.pages.flatMap((page) => page.rows) ?? [];
  const mayChange = workspace.can('people:write');
  const turn = (verb: 'archive' | 'restore') =>
    archive.mutate(
      { listId: list.id, verb },
      {
        onSuccess: () =>
          verb === 'archive'
            ? notice.undoable(t('list.archivedNotice', { name: list.name }), () => turn('restore'))
            : notice.done(t('list.restoredNotice', { name: list.name })),
        onError: notice.failed,
      },
    );
  return (
    <>
      <PageHead
        title={list.name}
        answer={
          list.waiting > 0
            ? t('lists.pageWaiting', {
                count: list.people,
                shown: formats.count(list.people),
                waiting: formats.count(list.waiting),
              })
            : t('lists.page', { count: list.people, shown: formats.count(list.people) })
        }
        actions={
          mayChange ? (
            <Space wrap>
              <Button onClick={() => turn(list.state === 'active' ? 'archive' : 'restore')}>
                {t(list.state === 'active' ? 'list.archive' : 'list.restore')}
              </Button>
              <Button onClick={() => setOpened('mark')}>{t('page.mark')}</Button>
              <Button onClick={() => setOpened('export')}>{t('page.export')}</Button>
            </Space>
          ) : undefined
        }
      />
      <div className={styles.stack}>
        {mayChange ? <UploadPart listId={list.id} /> : null}
        <Section title={t('lists.members')} flush>
          {members.isPending ? (
            <TableSkeleton rows={5} />
          ) : members.error ? (
            <ErrorState error={members.error} retry={() => void members.refetch()} />
          ) : rows.length === 0 ? (
            <EmptyState sentence={t('lists.membersEmpty')} />
          ) : (
            <PeopleRows
              rows={rows}
              more={members.hasNextPage ? () => void members.fetchNextPage() : undefined}
              isLoadingMore={members.isFetchingNextPage}
            />
          )}
        </Section>
        <Changes listId={list.id} />
        <ExportsTable of={{ listId: list.id }} />
      </div>
      {opened === 'export' ? (
        <ExportModal of={{ listId: list.id }} name={list.name} people={list.people} close={() => setOpened(null)} />
      ) : null}
      {opened === 'mark' ? (
        <MarkModal people={{ listId: list.id }} count={list.people} name={list.name} close={() => setOpened(null)} />
      ) : null}
    </>
  );
}
