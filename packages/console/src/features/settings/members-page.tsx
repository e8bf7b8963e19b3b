import { UserAddOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { membersQuery } from '../../api/members.ts';
import { PageHead } from '../../components/page-head.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { Section } from '../../components/section.tsx';
import { TableSkeleton } from '../../components/skeletons.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import { useFormats } from '../../format/use-formats.ts';
import { AddMember } from './add-member.tsx';
import { MembersTable } from './members-table.tsx';
import { RolesTable } from './roles-table.tsx';
import styles from './settings.module.css';

/** Who works here, and what each role may do. */
export function MembersPage() {
  const { t } = useTranslation('settings');
  const formats = useFormats();
  const workspace = useWorkspace();
  const members = useQuery(membersQuery(workspace.id));
  const [isAdding, setIsAdding] = useState(false);
  const mayWrite = workspace.can('members:write');
  const count = members.data?.length;
  return (
    <>
      <PageHead
        title={t('members.title')}
        answer={
          count === undefined
            ? undefined
            : t('members.answer', { count, shown: formats.count(count), name: workspace.name })
        }
        actions={
          mayWrite ? (
            <Button type="primary" icon={<UserAddOutlined />} onClick={() => setIsAdding(true)}>
              {t('members.add')}
            </Button>
          ) : null
        }
      />
      <div className={styles.wide}>
        <Section flush title={t('members.list')}>
          <QueryState query={members} loading={<TableSkeleton rows={4} />}>
            {(rows) => <MembersTable members={rows} mayWrite={mayWrite} />}
          </QueryState>
        </Section>
        <Section flush title={t('members.roles')} subtitle={t('members.rolesHelp')}>
          <RolesTable ownRole={workspace.role} />
        </Section>
      </div>
      <AddMember open={isAdding} close={() => setIsAdding(false)} />
    </>
  );
}
