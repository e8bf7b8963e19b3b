import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type Rfm, rfmGroups11 } from '@zhiyin/contract';
import { Button, Drawer } from 'antd';
import { useState } from 'react';
import { rfmQuery } from '../../../api/customers.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { PageHead } from '../../../components/page-head.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { PageSkeleton } from '../../../components/skeletons.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import styles from '../customers.module.css';
import { GroupPeople } from '../group-people.tsx';
import { MakeSegment } from '../make-segment.tsx';
import { Notes } from '../notes.tsx';
import { useCustomerWords } from '../use-customer-words.ts';
import { CohortsChart } from './cohorts-chart.tsx';
import { MigrationPicture } from './migration-picture.tsx';
import { RfmSettingsDrawer } from './rfm-settings-drawer.tsx';
import { RfmTreemap } from './rfm-treemap.tsx';
import { ValueChart } from './value-chart.tsx';

const route = getRouteApi('/w/$workspaceId/customers/overview');

/** Who the customers are: how much each group is worth, who moved where, who comes back. */
export function CustomersPage() {
  const words = useCustomerWords();
  const { t, formats, groupName, sayNote } = words;
  const workspace = useWorkspace();
  const rfm = useQuery(rfmQuery(workspace.id));
  const { group, back = 90 } = route.useSearch();
  const navigate = route.useNavigate();
  const [isSetting, setSetting] = useState(false);
  const open = (next: string | undefined) => void navigate({ search: (before) => ({ ...before, group: next }) });
  const opened = rfmGroups11.find((known) => known === group);
  const row = rfm.data?.groups11.find((one) => one.group === opened);
  return (
    <>
      <PageHead
        title={t('overview.title')}
        answer={rfm.data && rfm.data.people > 0 ? sayFinding(rfm.data, words) : undefined}
        actions={<Button onClick={() => setSetting(true)}>{t('settings.open')}</Button>}
      />
      <QueryState query={rfm} loading={<PageSkeleton />}>
        {(data) =>
          data.people === 0 ? (
            <EmptyState
              sentence={t('overview.empty')}
              example={t('overview.emptyExample')}
              action={
                <Link to="/w/$workspaceId/data/imports" params={true as never}>
                  <Button type="primary">{t('overview.emptyAction')}</Button>
                </Link>
              }
            />
          ) : (
            <div className={styles.stack}>
              <RfmTreemap rfm={data} open={open} />
              <MigrationPicture
                back={back}
                setBack={(days) => void navigate({ search: (before) => ({ ...before, back: days }) })}
              />
              <div className={styles.pair}>
                <ValueChart />
                <CohortsChart />
              </div>
              <Notes notes={data.notes} say={sayNote} />
            </div>
          )
        }
      </QueryState>
      <Drawer
        open={opened !== undefined}
        onClose={() => open(undefined)}
        title={opened ? groupName(opened) : ''}
        size={560}
        extra={
          opened && (
            <MakeSegment
              key={opened}
              type="primary"
              name={groupName(opened)}
              trait="rfm.group11"
              test={{ op: 'is', value: opened }}
            />
          )
        }
      >
        {opened && row && (
          <div className={styles.stack}>
            <p>{t(`advice.${opened}`)}</p>
            <p className={styles.figures}>
              <span>{t('group.people', { count: row.people, value: formats.count(row.people) })}</span>
              <span>{t('group.spentShare', { share: formats.rate(row.spentShare, 0) })}</span>
              <span>{t('group.recency', { days: formats.count(Math.round(row.recencyDays)) })}</span>
            </p>
            {workspace.can('people:read') && <GroupPeople who={{ group11: opened }} />}
          </div>
        )}
      </Drawer>
      <RfmSettingsDrawer open={isSetting} close={() => setSetting(false)} />
    </>
  );
}

function sayFinding(rfm: Rfm, { t, formats, groupName }: ReturnType<typeof useCustomerWords>): string {
  const best = rfm.groups11.reduce((a, b) => (b.spentShare > a.spentShare ? b : a));
  return t('overview.answer', {
    group: groupName(best.group),
    share: formats.rate(best.share, 0),
    spentShare: formats.rate(best.spentShare, 0),
  });
}
