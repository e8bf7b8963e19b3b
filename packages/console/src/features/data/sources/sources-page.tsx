import { PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Source } from '@zhiyin/contract';
import { Button, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sourcesQuery } from '../../../api/sources.ts';
import { Count } from '../../../components/count.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Instant } from '../../../components/instant.tsx';
import { PageHead } from '../../../components/page-head.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { TableSkeleton } from '../../../components/skeletons.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import { NewSource } from './new-source.tsx';
import { SourceDrawer } from './source-drawer.tsx';
import { readSourceState } from './source-state.ts';
import { SourceStateTag } from './source-state-tag.tsx';

/** Where events come from, and how each of these places is doing. */
export function SourcesPage() {
  const { t } = useTranslation('data');
  const { id: workspaceId, can } = useWorkspace();
  const formats = useFormats();
  const { source: openId } = useSearch({ strict: false }) as { source?: number };
  const navigate = useNavigate();
  const [isCreating, setCreating] = useState(false);
  // Often enough that "waiting for the first event" turns by itself while one looks at it.
  const sources = useQuery(sourcesQuery(workspaceId, 5_000));
  const open = (source: number | undefined) =>
    void navigate({
      to: '/w/$workspaceId/data/sources',
      params: true as never,
      search: source === undefined ? {} : { source },
    });

  const rows = sources.data ?? [];
  const sending = rows.filter((one) => ['receiving', 'troubled'].includes(readSourceState(one, new Date())));
  const recent = rows.reduce(
    (sum, { recent: { valid, duplicate, quarantined } }) => sum + valid + duplicate + quarantined,
    0,
  );
  const add = can('settings:write') && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setCreating(true)}>
      {t('sources.add')}
    </Button>
  );
  return (
    <>
      <PageHead
        title={t('sources.title')}
        answer={
          sources.data &&
          (rows.length === 0
            ? t('sources.answerNone')
            : t('sources.answer', { count: rows.length, sending: sending.length, records: formats.count(recent) }))
        }
        actions={add}
      />
      <QueryState query={sources} loading={<TableSkeleton rows={4} />}>
        {(list) =>
          list.length === 0 ? (
            <Section label={t('sources.title')}>
              <EmptyState sentence={t('sources.empty')} example={t('sources.emptyExample')} action={add || undefined} />
            </Section>
          ) : (
            <Section title={t('sources.listTitle')} subtitle={t('sources.listSubtitle')} flush>
              <SourcesTable sources={list} onOpen={open} />
            </Section>
          )
        }
      </QueryState>
      <SourceDrawer source={rows.find(({ id }) => id === openId)} onClose={() => open(undefined)} />
      <NewSource
        isOpen={isCreating}
        onClose={() => setCreating(false)}
        onCreated={(source) => {
          setCreating(false);
          open(source.id);
        }}
      />
    </>
  );
}

function SourcesTable({ sources, onOpen }: { sources: Source[]; onOpen: (id: number) => void }) {
  const { t } = useTranslation('data');
  return (
    <Table<Source>
      rowKey="id"
      dataSource={sources}
      pagination={false}
      scroll={{ x: 'max-content' }}
      onRow={(source) => ({ onClick: () => onOpen(source.id), style: { cursor: 'pointer' } })}
      columns={[
        {
          title: t('sources.name'),
          render: (_, source) => (
            <Button type="link" style={{ padding: 0, fontWeight: 600 }} onClick={() => onOpen(source.id)}>
              {source.name}
            </Button>
          ),
        },
        { title: t('sources.kind'), render: (_, source) => t(`sources.kinds.${source.kind}`) },
        { title: t('sources.state'), render: (_, source) => <SourceStateTag source={source} /> },
        { title: t('outcome.valid'), align: 'right', render: (_, { recent }) => <Count value={recent.valid} /> },
        {
          title: t('outcome.duplicate'),
          align: 'right',
          render: (_, { recent }) => <Count value={recent.duplicate} />,
        },
        {
          title: t('outcome.quarantined'),
          align: 'right',
          render: (_, { recent }) => <Count value={recent.quarantined} />,
        },
        {
          title: t('sources.lastReceived'),
          render: (_, { recent }) => <Instant at={recent.lastReceivedAt} never={t('sources.notLately')} />,
        },
      ]}
    />
  );
}
