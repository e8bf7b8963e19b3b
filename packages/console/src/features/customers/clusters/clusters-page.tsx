import { useQuery } from '@tanstack/react-query';
import type { Cluster, Clustering } from '@zhiyin/contract';
import { Button, Drawer } from 'antd';
import { useState } from 'react';
import { clustersQuery, isRunning } from '../../../api/customers.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { PageHead } from '../../../components/page-head.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { PageSkeleton } from '../../../components/skeletons.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import styles from '../customers.module.css';
import { GroupPeople } from '../group-people.tsx';
import { Notes } from '../notes.tsx';
import { RunState } from '../run-state.tsx';
import { useCustomerWords } from '../use-customer-words.ts';
import { ClusterCard } from './cluster-card.tsx';
import { ClusterMap } from './cluster-map.tsx';
import { CountCurve } from './count-curve.tsx';
import { MethodsTable } from './methods-table.tsx';
import { StartClusters } from './start-clusters.tsx';

/** Groups that nobody defined: people who behave alike, found in what they do. */
export function ClustersPage() {
  const workspace = useWorkspace();
  const answer = useQuery(clustersQuery(workspace.id));
  const clustering = answer.data?.clustering ?? null;
  const words = useCustomerWords(clustering?.features);
  const { t, formats, clusterName, sayNote } = words;
  const [isStarting, setStarting] = useState(false);
  const [opened, setOpened] = useState<Cluster | null>(null);
  const mayWrite = workspace.can('data:write');
  const start = mayWrite && (
    <Button type="primary" onClick={() => setStarting(true)} disabled={isRunning(answer.data?.run)}>
      {t(clustering ? 'clusters.again' : 'clusters.start')}
    </Button>
  );
  return (
    <>
      <PageHead
        title={t('clusters.title')}
        answer={clustering ? sayFinding(clustering, words) : undefined}
        actions={clustering ? start : undefined}
      />
      <QueryState query={answer} loading={<PageSkeleton />}>
        {({ run }) => (
          <div className={styles.stack}>
            <RunState run={run} />
            {clustering ? (
              <>
                <ClusterMap clustering={clustering} />
                <div className={styles.cards}>
                  {clustering.clusters.map((cluster, place) => (
                    <ClusterCard
                      key={cluster.key}
                      cluster={cluster}
                      place={place}
                      clustering={clustering}
                      showPeople={workspace.can('people:read') ? () => setOpened(cluster) : undefined}
                    />
                  ))}
                </div>
                <div className={styles.pair}>
                  <CountCurve clustering={clustering} />
                  <MethodsTable clustering={clustering} />
                </div>
                <Notes notes={clustering.notes} say={sayNote} />
              </>
            ) : (
              !isRunning(run) && (
                <EmptyState sentence={t('clusters.empty')} example={t('clusters.emptyExample')} action={start} />
              )
            )}
          </div>
        )}
      </QueryState>
      <StartClusters open={isStarting} close={() => setStarting(false)} />
      <Drawer
        open={opened !== null}
        onClose={() => setOpened(null)}
        title={opened ? clusterName(opened) : ''}
        size={560}
        extra={opened ? t('group.people', { count: opened.people, value: formats.count(opened.people) }) : null}
      >
        {opened && <GroupPeople who={{ cluster: opened.key }} />}
      </Drawer>
    </>
  );
}

function sayFinding(clustering: Clustering, { t, formats, clusterName }: ReturnType<typeof useCustomerWords>): string {
  const best = clustering.clusters.reduce((a, b) => (b.spentShare > a.spentShare ? b : a));
  return t('clusters.answer', {
    count: clustering.k,
    cluster: clusterName(best),
    share: formats.rate(best.share, 0),
    spentShare: formats.rate(best.spentShare, 0),
  });
}
