import { useQuery } from '@tanstack/react-query';
import type { LookAlike } from '@zhiyin/contract';
import { Button, Modal, Select } from 'antd';
import { useId, useState } from 'react';
import {
  clustersQuery,
  isRunning,
  lookAlikesQuery,
  rfmQuery,
  seedSegmentsQuery,
  useStartRun,
} from '../../../api/customers.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { PageHead } from '../../../components/page-head.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { PageSkeleton } from '../../../components/skeletons.tsx';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import styles from '../customers.module.css';
import { RunState } from '../run-state.tsx';
import { useCustomerWords } from '../use-customer-words.ts';
import { LookAlikeCard } from './look-alike-card.tsx';

/** Who behaves like the people you would like more of. */
export function LookAlikesPage() {
  const { t } = useCustomerWords();
  const workspace = useWorkspace();
  const lookAlikes = useQuery(lookAlikesQuery(workspace.id));
  const [isStarting, setStarting] = useState(false);
  const latest = lookAlikes.data?.[0];
  const start = workspace.can('data:write') && (
    <Button type="primary" onClick={() => setStarting(true)} disabled={isRunning(latest?.run)}>
      {t('lookAlikes.start')}
    </Button>
  );
  const done = (lookAlikes.data ?? []).filter(
    (one): one is LookAlike & { result: NonNullable<LookAlike['result']> } => one.result !== null,
  );
  return (
    <>
      <PageHead
        title={t('lookAlikes.title')}
        answer={done.length > 0 ? t('lookAlikes.answer', { count: done.length }) : undefined}
        actions={done.length > 0 ? start : undefined}
      />
      <QueryState query={lookAlikes} loading={<PageSkeleton />}>
        {() => (
          <div className={styles.stack}>
            <RunState run={latest?.run} />
            {done.map((one) => (
              <LookAlikeCard key={one.run.id} lookAlike={one} />
            ))}
            {done.length === 0 && !isRunning(latest?.run) && (
              <EmptyState sentence={t('lookAlikes.empty')} example={t('lookAlikes.emptyExample')} action={start} />
            )}
          </div>
        )}
      </QueryState>
      {isStarting && <StartLookAlike close={() => setStarting(false)} />}
    </>
  );
}

/** Whom to look like: a group of RFM or a cluster. */
function StartLookAlike({ close }: { close: () => void }) {
  const id = useId();
  const workspace = useWorkspace();
  const rfm = useQuery(rfmQuery(workspace.id));
  const clusters = useQuery(clustersQuery(workspace.id));
  const segments = useQuery(seedSegmentsQuery(workspace.id));
  const clustering = clusters.data?.clustering;
  const { t, formats, groupName, clusterName } = useCustomerWords(clustering?.features);
  const start = useStartRun(workspace.id);
  const notice = useNotice();
  const [chosen, setChosen] = useState<string>();
  const isSaved = Boolean(rfm.data?.savedAt);
  const named = (name: string, people: number) => `${name} · ${formats.count(people)}`;
  const groups = (rfm.data?.groups11 ?? []).filter(({ people }) => people > 0);
  const options = [
    {
      label: t('tabs.overview'),
      options: groups.map(({ group, people }) => ({
        value: `group ${group}`,
        label: named(groupName(group), people),
        disabled: !isSaved,
      })),
    },
    {
      label: t('lookAlikes.segments'),
      options: (segments.data ?? []).map(({ id: segmentId, name, people }) => ({
        value: `segment ${segmentId}`,
        label: named(name, people ?? 0),
      })),
    },
    {
      label: t('tabs.clusters'),
      options: (clustering?.clusters ?? []).map((cluster) => ({
        value: `cluster ${cluster.key}`,
        label: named(clusterName(cluster), cluster.people),
      })),
    },
  ];
  const run = () => {
    const [kind, value = ''] = (chosen ?? '').split(' ');
    const cluster = kind === 'cluster' ? clustering?.clusters.find(({ key }) => String(key) === value) : undefined;
    const segment = kind === 'segment' ? segments.data?.find((one) => String(one.id) === value) : undefined;
    const seed =
      kind === 'group'
        ? ({ kind: 'computed', name: 'rfm.group11', value } as const)
        : kind === 'segment'
          ? ({ kind: 'segment', segmentId: Number(value) } as const)
          : ({ kind: 'computed', name: 'cluster.behaviour', value: Number(value) } as const);
    const name = cluster ? clusterName(cluster) : (segment?.name ?? groupName(value as never));
    start.mutate({ kind: 'look_alike', name, seed }, { onSuccess: close, onError: notice.failed });
  };
  return (
    <Modal
      open
      onCancel={close}
      title={t('lookAlikes.startTitle')}
      okText={t('lookAlikes.startAction')}
      cancelText={t('common:cancel')}
      okButtonProps={{ disabled: !chosen }}
      confirmLoading={start.isPending}
      onOk={run}
    >
      <div className={styles.field}>
        <label htmlFor={`${id}-seed`}>{t('lookAlikes.seed')}</label>
        <Select
          id={`${id}-seed`}
          value={chosen}
          onChange={setChosen}
          options={options}
          placeholder={t('lookAlikes.seedPlaceholder')}
          loading={rfm.isPending || clusters.isPending}
        />
        <p>{t('lookAlikes.seedHelp')}</p>
        {!isSaved && groups.length > 0 && (
          <p>
            {t('lookAlikes.groupsFirst')}{' '}
            <Button
              size="small"
              loading={start.isPending}
              onClick={() => start.mutate({ kind: 'rfm' }, { onError: notice.failed })}
            >
              {t('lookAlikes.groupNow')}
            </Button>
          </p>
        )}
      </div>
    </Modal>
  );
}
