import type { Member, Role } from '@zhiyin/contract';
import { roleSchema } from '@zhiyin/contract';
import { Button, Select, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { useChangeMembers } from '../../api/members.ts';
import { useSession } from '../../api/session.ts';
import { Instant } from '../../components/instant.tsx';
import { useConfirm } from '../../components/use-confirm.ts';
import { useNotice } from '../../components/use-notice.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import styles from './settings.module.css';

interface MembersTableProps {
  members: readonly Member[];
  mayWrite: boolean;
}

export function MembersTable({ members, mayWrite }: MembersTableProps) {
  const { t } = useTranslation('settings');
  const workspace = useWorkspace();
  const { operator } = useSession();
  const { setRole, remove } = useChangeMembers(workspace.id);
  const notice = useNotice();
  const confirm = useConfirm();
  const nameOf = (member: Member) => member.name || member.email;

  const change = (member: Member, role: Role) =>
    setRole.mutate(
      { member, role },
      {
        onSuccess: () =>
          notice.undoable(t('members.changed', { name: nameOf(member), role: t(`common:role.${role}`) }), () =>
            setRole.mutate({ member, role: member.role }, { onError: notice.failed }),
          ),
        onError: notice.failed,
      },
    );
  const askRemove = (member: Member) =>
    confirm({
      title: t('members.removeTitle', { name: nameOf(member), workspace: workspace.name }),
      consequence: t('members.removeConsequence', { email: member.email }),
      action: t('members.removeAction'),
      run: () => remove.mutateAsync(member).catch(notice.failed),
    });

  return (
    <Table
      rowKey="operatorId"
      dataSource={members as Member[]}
      pagination={false}
      size="middle"
      scroll={{ x: 540 }}
      columns={[
        {
          title: t('members.column.name'),
          render: (_, member) => (
            <div className={styles.who}>
              <strong>
                {nameOf(member)}
                {member.operatorId === operator.id ? <span className="faint"> {t('members.you')}</span> : null}
              </strong>
              {member.name ? <span className="faint">{member.email}</span> : null}
            </div>
          ),
        },
        {
          title: t('members.column.role'),
          render: (_, member) =>
            mayWrite ? (
              <Select
                value={member.role}
                aria-label={t('members.roleOf', { name: nameOf(member) })}
                onChange={(role) => change(member, role)}
                options={roleSchema.options.map((value) => ({ value, label: t(`common:role.${value}`) }))}
                className={styles.role!}
              />
            ) : (
              t(`common:role.${member.role}`)
            ),
        },
        {
          title: t('members.column.lastSeen'),
          responsive: ['sm'],
          render: (_, member) => <Instant at={member.lastSeenAt} never={t('members.neverSeen')} />,
        },
        {
          title: t('members.column.joined'),
          responsive: ['md'],
          render: (_, member) => <Instant at={member.joinedAt} />,
        },
        {
          key: 'actions',
          align: 'right',
          render: (_, member) =>
            mayWrite && member.operatorId !== operator.id ? (
              <Button type="text" danger onClick={() => askRemove(member)}>
                {t('common:remove')}
              </Button>
            ) : null,
        },
      ]}
    />
  );
}
