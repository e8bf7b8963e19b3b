import { useQuery } from '@tanstack/react-query';
import type { ComputedTrait } from '@zhiyin/contract';
import { Button, Dropdown, Table, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { computedTraitsQuery, useDeleteComputedTrait, useRefreshComputedTrait } from '../../../api/computed-traits.ts';
import { Count } from '../../../components/count.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Instant } from '../../../components/instant.tsx';
import { PageHead } from '../../../components/page-head.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { TableSkeleton } from '../../../components/skeletons.tsx';
import { useConfirm } from '../../../components/use-confirm.ts';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../segments.module.css';
import { TraitEditor } from './trait-editor.tsx';

/** What is computed of people: the brand's own aggregates, and what the platform computes beside them. */
export function TraitsPage() {
  const { t } = useTranslation('segments');
  const workspace = useWorkspace();
  const traits = useQuery(computedTraitsQuery(workspace.id));
  const [edited, setEdited] = useState<ComputedTrait | 'new' | null>(null);
  const create = workspace.can('people:write') ? (
    <Button type="primary" onClick={() => setEdited('new')}>
      {t('traits.create')}
    </Button>
  ) : undefined;
  return (
    <>
      <PageHead title={t('tabs.traits')} answer={t('traits.answer')} actions={create} />
      <Section title={t('traits.title')} subtitle={t('traits.subtitle')} flush>
        <QueryState query={traits} loading={<TableSkeleton rows={5} />}>
          {(rows) =>
            rows.length === 0 ? (
              <EmptyState sentence={t('traits.empty')} example={t('traits.emptyExample')} action={create} />
            ) : (
              <TraitsTable traits={rows} edit={setEdited} />
            )
          }
        </QueryState>
      </Section>
      {edited ? <TraitEditor trait={edited === 'new' ? null : edited} close={() => setEdited(null)} /> : null}
    </>
  );
}

function TraitsTable({
  traits,
  edit,
}: {
  readonly traits: readonly ComputedTrait[];
  readonly edit: (trait: ComputedTrait) => void;
}) {
  const { t } = useTranslation('segments');
  const formats = useFormats();
  const workspace = useWorkspace();
  const notice = useNotice();
  const confirm = useConfirm();
  const refresh = useRefreshComputedTrait(workspace.id);
  const remove = useDeleteComputedTrait(workspace.id);
  const valuesOf = (trait: ComputedTrait): string => {
    if (trait.type === 'number' && trait.min !== null && trait.max !== null) {
      return t('traits.range', {
        min: formats.count(trait.min),
        mean: formats.count(trait.mean ?? 0),
        max: formats.count(trait.max),
      });
    }
    return trait.values
      .slice(0, 3)
      .map(({ value, people }) => `${value} (${formats.compact(people)})`)
      .join(', ');
  };
  const act = (name: string, trait: ComputedTrait) => {
    if (trait.id === null) return;
    const { id } = trait;
    if (name === 'edit') edit(trait);
    if (name === 'refresh')
      refresh.mutate(id, { onSuccess: () => notice.done(t('traits.started')), onError: notice.failed });
    if (name === 'delete') {
      void confirm({
        title: t('traits.deleteTitle', { name: trait.title }),
        consequence:
          trait.usedBy.length > 0
            ? t('traits.deleteUsed', { names: trait.usedBy.map((one) => one.name).join(', ') })
            : t('traits.deleteConsequence', { count: trait.people, shown: formats.count(trait.people) }),
        action: t('traits.delete'),
        run: () => remove.mutateAsync(id).catch(notice.failed),
      });
    }
  };
  const columns: TableColumnsType<ComputedTrait> = [
    {
      key: 'name',
      title: t('list.name'),
      render: (_, trait) => (
        <div className={styles.name}>
          <b>{trait.title || t(`traits.platform.${trait.name}`, { defaultValue: trait.name })}</b>
          <span className={styles.code}>{trait.name}</span>
          {trait.error ? (
            <span style={{ color: 'var(--cinnabar)', fontSize: 12 }}>
              {trait.error.message} {trait.error.fix}
            </span>
          ) : null}
        </div>
      ),
    },
    { key: 'people', title: t('list.people'), align: 'right', render: (_, trait) => <Count value={trait.people} /> },
    { key: 'values', title: t('traits.values'), responsive: ['md'], render: (_, trait) => valuesOf(trait) },
    {
      key: 'when',
      title: t('traits.computed'),
      responsive: ['sm'],
      render: (_, trait) =>
        trait.computing ? (
          t('traits.computing')
        ) : (
          <span style={{ display: 'grid' }}>
            <Instant at={trait.computedAt} />
            <span className={styles.small}>
              {trait.refresh
                ? trait.refresh.kind === 'live'
                  ? t('traits.live')
                  : t('traits.every', { count: trait.refresh.everyHours })
                : t('traits.byPlatform')}
            </span>
          </span>
        ),
    },
    {
      key: 'used',
      title: t('lists.usedBy'),
      responsive: ['lg'],
      render: (_, trait) => trait.usedBy.map(({ name }) => name).join(', ') || '–',
    },
    {
      key: 'act',
      title: '',
      align: 'right',
      render: (_, trait) =>
        trait.id !== null && workspace.can('people:write') ? (
          <Dropdown
            trigger={['click']}
            menu={{
              items: ['edit', 'refresh', 'delete'].map((key) => ({ key, label: t(`traits.${key}`) })),
              onClick: ({ key }) => act(key, trait),
            }}
          >
            <Button size="small" aria-label={`${t('tool.more')} ${trait.title}`}>
              …
            </Button>
          </Dropdown>
        ) : null,
    },
  ];
  return (
    <Table
      rowKey="name"
      columns={columns}
      dataSource={traits as ComputedTrait[]}
      pagination={{ pageSize: 50, hideOnSinglePage: true }}
      size="middle"
    />
  );
}
