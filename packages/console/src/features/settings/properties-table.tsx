import { type Property, personalClassSchema, propertyActionSchema } from '@zhiyin/contract';
import { Select, Table, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { useUpdateProperty } from '../../api/properties.ts';
import { Count } from '../../components/count.tsx';
import { Instant } from '../../components/instant.tsx';
import { useNotice } from '../../components/use-notice.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import styles from './settings.module.css';

export function PropertiesTable({ properties, mayWrite }: { properties: readonly Property[]; mayWrite: boolean }) {
  const { t } = useTranslation('settings');
  const workspace = useWorkspace();
  const update = useUpdateProperty(workspace.id);
  const notice = useNotice();
  // Holds for what arrives from now on, so the old choice can be put back: undo, not a question.
  const change = (property: Property, next: Pick<Property, 'class' | 'action'>) =>
    update.mutate(
      { property: property.property, ...next },
      {
        onSuccess: () =>
          notice.undoable(t('privacy.changed', { property: property.property }), () =>
            update.mutate(
              { property: property.property, class: property.class, action: property.action },
              { onError: notice.failed },
            ),
          ),
        onError: notice.failed,
      },
    );
  return (
    <Table
      rowKey="property"
      dataSource={properties as Property[]}
      pagination={properties.length > 50 ? { pageSize: 50 } : false}
      size="middle"
      scroll={{ x: 640 }}
      columns={[
        {
          title: t('privacy.column.property'),
          render: (_, row) => (
            <div className={styles.who}>
              <code>{row.property}</code>
              <span className="faint">{row.decidedHere ? t('privacy.decidedHere') : t('privacy.builtIn')}</span>
            </div>
          ),
        },
        {
          title: t('privacy.column.class'),
          render: (_, row) =>
            mayWrite ? (
              <Select
                value={row.class}
                className={styles.role!}
                aria-label={t('privacy.classOf', { property: row.property })}
                options={personalClassSchema.options.map((value) => ({ value, label: t(`privacy.class.${value}`) }))}
                onChange={(value) => change(row, { class: value, action: row.action })}
              />
            ) : (
              t(`privacy.class.${row.class}`)
            ),
        },
        {
          title: t('privacy.column.action'),
          render: (_, row) =>
            mayWrite ? (
              <Select
                value={row.action}
                className={styles.role!}
                aria-label={t('privacy.actionOf', { property: row.property })}
                options={propertyActionSchema.options.map((value) => ({ value, label: t(`privacy.action.${value}`) }))}
                onChange={(value) => change(row, { class: row.class, action: value })}
              />
            ) : (
              <Tag variant="filled">{t(`privacy.action.${row.action}`)}</Tag>
            ),
        },
        {
          title: t('privacy.column.records'),
          align: 'right',
          render: (_, row) => <Count value={row.records} />,
        },
        { title: t('privacy.column.lastSeen'), render: (_, row) => <Instant at={row.lastSeenAt} /> },
      ]}
    />
  );
}
