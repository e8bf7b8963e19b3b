import { ApiOutlined, RobotOutlined, UserOutlined } from '@ant-design/icons';
import type { AuditEntry } from '@zhiyin/contract';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Instant } from '../../components/instant.tsx';
import styles from './settings.module.css';

const actorIcons = { operator: UserOutlined, api_key: ApiOutlined, system: RobotOutlined } as const;

/** One change a line; its details open below. */
export function AuditTable({ entries }: { entries: readonly AuditEntry[] }) {
  const { t } = useTranslation('settings');
  return (
    <Table
      rowKey="id"
      dataSource={entries as AuditEntry[]}
      pagination={false}
      size="middle"
      scroll={{ x: 560 }}
      expandable={{
        rowExpandable: (entry) => Object.keys(entry.details).length > 0,
        expandedRowRender: (entry) => <pre className={styles.raw}>{JSON.stringify(entry.details, null, 2)}</pre>,
      }}
      columns={[
        { title: t('audit.column.at'), render: (_, entry) => <Instant at={entry.at} exact /> },
        {
          title: t('audit.column.actor'),
          render: (_, entry) => {
            const Icon = actorIcons[entry.actor.kind];
            return (
              <span title={t(`audit.actor.${entry.actor.kind}`)}>
                <Icon aria-label={t(`audit.actor.${entry.actor.kind}`)} className="faint" />{' '}
                {(entry.actor.kind !== 'system' && entry.actor.name) || t(`audit.actor.${entry.actor.kind}`)}
              </span>
            );
          },
        },
        {
          title: t('audit.column.action'),
          render: (_, entry) => (
            <span title={entry.action}>
              {t(`audit.action.${entry.action.replace('.', '_')}`, { defaultValue: entry.action })}
            </span>
          ),
        },
        {
          title: t('audit.column.target'),
          render: (_, entry) => (
            <span className="faint">
              {t(`audit.noun.${entry.target.kind}`, { defaultValue: entry.target.kind })} {entry.target.id}
            </span>
          ),
        },
      ]}
    />
  );
}
