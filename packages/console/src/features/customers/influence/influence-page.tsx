import { useQuery } from '@tanstack/react-query';
import type { Influence } from '@zhiyin/contract';
import { Button, Drawer, Progress, Table } from 'antd';
import { useState } from 'react';
import { customerSettingsQuery, influenceQuery, isRunning, useStartRun } from '../../../api/customers.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Money } from '../../../components/money.tsx';
import { PageHead } from '../../../components/page-head.tsx';
import { PersonLink } from '../../../components/person-link.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { PageSkeleton } from '../../../components/skeletons.tsx';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import styles from '../customers.module.css';
import { GroupPeople } from '../group-people.tsx';
import { MakeSegment } from '../make-segment.tsx';
import { Notes } from '../notes.tsx';
import { RunState } from '../run-state.tsx';
import { useCustomerWords } from '../use-customer-words.ts';

type Found = NonNullable<Influence['result']>;

/** Whom others follow: who brought, answered or was shared by whom, and the circles they form. */
export function InfluencePage() {
  const { t, formats, sayNote } = useCustomerWords();
  const workspace = useWorkspace();
  const influence = useQuery(influenceQuery(workspace.id));
  const settings = useQuery(customerSettingsQuery(workspace.id));
  const start = useStartRun(workspace.id);
  const notice = useNotice();
  const [community, setCommunity] = useState<number | null>(null);
  const found = influence.data?.result;
  const [first] = influence.data?.people ?? [];
  const button = workspace.can('data:write') && (
    <Button
      type={found ? 'default' : 'primary'}
      loading={start.isPending}
      disabled={isRunning(influence.data?.run)}
      onClick={() => start.mutate({ kind: 'graph' }, { onError: notice.failed })}
    >
      {t(found ? 'influence.again' : 'influence.start')}
    </Button>
  );
  return (
    <>
      <PageHead
        title={t('influence.title')}
        answer={
          first
            ? t('influence.answer', {
                name: first.displayName,
                count: first.reached,
                reached: formats.count(first.reached),
              })
            : undefined
        }
        actions={found ? button : undefined}
      />
      <QueryState query={influence} loading={<PageSkeleton />}>
        {({ run, result, people }) => (
          <div className={styles.stack}>
            <RunState run={run} />
            {result ? (
              <>
                <Section
                  title={t('influence.people')}
                  subtitle={t('influence.subtitle', {
                    count: result.people,
                    people: formats.count(result.people),
                    links: formats.count(result.links),
                    day: formats.day(result.at),
                  })}
                  actions={
                    <MakeSegment
                      name={t('influence.segmentName')}
                      trait="graph.influence"
                      test={{ op: 'at_least', value: 90 }}
                      label={t('influence.segment')}
                    />
                  }
                  flush
                >
                  <Table
                    rowKey="profileId"
                    size="middle"
                    dataSource={people}
                    pagination={{ pageSize: 10, hideOnSinglePage: true, showSizeChanger: false }}
                    columns={[
                      {
                        title: t('people.name'),
                        render: (_, person) => (
                          <PersonLink profileId={person.profileId} displayName={person.displayName} />
                        ),
                      },
                      {
                        title: t('influence.influence'),
                        render: (_, person) => (
                          <Progress percent={person.influence} size="small" format={(value) => String(value)} />
                        ),
                      },
                      {
                        title: t('influence.reached'),
                        align: 'right',
                        render: (_, person) => formats.count(person.reached),
                      },
                      {
                        title: t('influence.reachedSpent'),
                        align: 'right',
                        responsive: ['sm'],
                        render: (_, person) => <Money minor={person.reachedSpentMinor} currency={person.currency} />,
                      },
                    ]}
                  />
                </Section>
                <Communities result={result} open={setCommunity} />
                <EventsRead result={result} />
                <Notes notes={result.notes} say={sayNote} />
              </>
            ) : (
              !isRunning(run) && (
                <EmptyState
                  sentence={t('influence.empty')}
                  example={t('influence.emptyExample', {
                    events: (settings.data?.edges ?? [])
                      .slice(0, 4)
                      .map(({ event, property }) => `${event}.${property}`)
                      .join(t('nameGap')),
                  })}
                  action={button}
                />
              )
            )}
          </div>
        )}
      </QueryState>
      <Drawer
        open={community !== null}
        onClose={() => setCommunity(null)}
        title={t('community.name', { number: community ?? 0 })}
        size={560}
      >
        {community !== null && <GroupPeople who={{ community }} />}
      </Drawer>
    </>
  );
}

function Communities({ result, open }: { result: Found; open: (key: number) => void }) {
  const { t, formats } = useCustomerWords();
  const workspace = useWorkspace();
  if (result.communities.length === 0) return null;
  return (
    <Section
      title={t('community.title', { count: result.communityCount })}
      subtitle={t('community.subtitle', { modularity: result.modularity.toFixed(2) })}
    >
      <div className={styles.cards}>
        {result.communities.slice(0, 12).map((community) => (
          <article key={community.key} className={styles.card}>
            <div className={styles.cardHead}>
              <h3>{t('community.around', { name: community.leaderName })}</h3>
            </div>
            <p className={styles.figures}>
              <span>{t('group.people', { count: community.people, value: formats.count(community.people) })}</span>
              <Money minor={community.spentMinor} currency={workspace.currency} />
            </p>
            <div className={styles.actions}>
              <Button onClick={() => open(community.key)}>{t('cluster.people')}</Button>
              <MakeSegment
                name={t('community.around', { name: community.leaderName })}
                trait="graph.community"
                test={{ op: 'is', value: community.key }}
              />
            </div>
          </article>
        ))}
      </div>
    </Section>
  );
}

function EventsRead({ result }: { result: Found }) {
  const { t, formats } = useCustomerWords();
  return (
    <Section title={t('links.title')} subtitle={t('links.subtitle')} flush>
      <Table
        rowKey="event"
        size="small"
        pagination={false}
        dataSource={result.events.filter(({ read }) => read > 0)}
        columns={[
          { title: t('links.event'), dataIndex: 'event' },
          { title: t('links.read'), align: 'right', render: (_, { read }) => formats.count(read) },
          { title: t('links.matched'), align: 'right', render: (_, { matched }) => formats.count(matched) },
        ]}
      />
    </Section>
  );
}
