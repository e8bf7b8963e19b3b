import { useInfiniteQuery } from '@tanstack/react-query';
import type { Segment } from '@zhiyin/contract';
import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { segmentMembersQuery } from '../../../api/segments.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Section } from '../../../components/section.tsx';
import { TableSkeleton } from '../../../components/skeletons.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { PeopleRows } from '../people-rows.tsx';

/** Who is in it now, the latest to enter first. */
export function Members({ segment }: { readonly segment: Segment }) {
  const { t } = useTranslation('segments');
  const workspace = useWorkspace();
  const [search, setSearch] = useState<string | undefined>();
  const members = useInfiniteQuery(segmentMembersQuery(workspace.id, segment.id, search));
  const rows = members.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <Section
      title={t('members.title')}
      subtitle={t('members.subtitle')}
      flush
      actions={
        <Input.Search
          allowClear
          aria-label={t('members.search')}
          placeholder={t('members.search')}
          onSearch={(value) => setSearch(value.trim() || undefined)}
        />
      }
    >
      {members.isPending ? (
        <TableSkeleton rows={6} />
      ) : members.error && rows.length === 0 ? (
        <ErrorState error={members.error} retry={() => void members.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState sentence={t(search ? 'members.nothing' : 'members.empty')} />
      ) : (
        <PeopleRows
          rows={rows}
          enteredAt={(row) => rows.find((one) => one.profileId === row.profileId)?.enteredAt ?? null}
          more={members.hasNextPage ? () => void members.fetchNextPage() : undefined}
          isLoadingMore={members.isFetchingNextPage}
        />
      )}
    </Section>
  );
}
