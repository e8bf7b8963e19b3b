import type { ApiKey } from '@zhiyin/contract';
import { Button, Table, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { useChangeApiKeys } from '../../api/api-keys.ts';
import { Instant } from '../../components/instant.tsx';
import { scopeKey } from '../../components/scope-key.ts';
import { useConfirm } from '../../components/use-confirm.ts';
import { useNotice } from '../../components/use-notice.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import styles from './settings.module.css';

export function KeysTable({ keys, mayWrite }: { keys: readonly ApiKey[]; mayWrite: boolean }) {
  const { t } = useTranslation('settings');
  const workspace = useWorkspace();
  const { revoke } = useChangeApiKeys(workspace.id);
  const confirm = useConfirm();
  const notice = useNotice();
  const askRevoke = (key: ApiKey) =>
    confirm({
      title: t('keys.revokeTitle', { name: key.name }),
      consequence: t('keys.revokeConsequence', { prefix: key.prefix }),
      action: t('keys.revokeAction'),
      run: () => revoke.mutateAsync(key.id).catch(notice.failed),
    });
  return (
    <Table
      rowKey="id"
      dataSource={keys as ApiKey[]}
      pagination={false}
      size="middle"
      scroll={{ x: 560 }}
      rowClassName={(key) => (key.revokedAt ? styles.past! : '')}
      columns={[
        {
          title: t('keys.column.name'),
          render: (_, key) => (
            <div className={styles.who}>
              <strong>{key.name}</strong>
              <code className="faint">{key.prefix}…</code>
            </div>
          ),
        },
        {
          title: t('keys.column.scopes'),
          render: (_, key) => (
            <div className={styles.tags}>
              {key.scopes.map((scope) => (
                <Tag key={scope} variant="filled" title={t(scopeKey(scope))}>
                  {scope}
                </Tag>
              ))}
            </div>
          ),
        },
        {
          title: t('keys.column.lastUsed'),
          responsive: ['sm'],
          render: (_, key) => <Instant at={key.lastUsedAt} never={t('keys.neverUsed')} />,
        },
        { title: t('keys.column.created'), responsive: ['md'], render: (_, key) => <Instant at={key.createdAt} /> },
        {
          key: 'actions',
          align: 'right',
          render: (_, key) =>
            key.revokedAt ? (
              <span>
                {t('keys.revoked')} <Instant at={key.revokedAt} />
              </span>
            ) : mayWrite ? (
              <Button type="text" danger onClick={() => askRevoke(key)}>
                {t('keys.revokeAction')}
              </Button>
            ) : null,
        },
      ]}
    />
  );
}
