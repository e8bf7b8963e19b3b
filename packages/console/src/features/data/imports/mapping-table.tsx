import { type Import, type ImportKind, type ImportMapping, importFields } from '@zhiyin/contract';
import { Select, Table, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../../format/use-formats.ts';
import { explainBecause } from './explain-because.ts';
import styles from './imports.module.css';

type Column = NonNullable<Import['detected']>['columns'][number];
type Props = {
  readonly kind: ImportKind;
  readonly columns: Column[];
  readonly mapping: ImportMapping;
  readonly onChange: (mapping: ImportMapping) => void;
};
const leaveOut = '-';
const keep = '*';

/** Column by column: what is in it, what it becomes, and why we think so. */
export function MappingTable({ kind, columns, mapping, onChange }: Props) {
  const { t } = useTranslation('data');
  const formats = useFormats();
  const { required, oneOf, optional } = importFields[kind];
  const option = (field: string) => ({
    value: field,
    label: `${t(`fields.${field}`, { defaultValue: field })} (${field})`,
  });
  const options = [
    { label: t('imports.groups.required'), options: required.map(option) },
    { label: t('imports.groups.oneOf'), options: oneOf.map(option) },
    { label: t('imports.groups.optional'), options: optional.map(option) },
    {
      label: t('imports.groups.other'),
      options: [
        { value: keep, label: t('imports.keepColumn') },
        { value: leaveOut, label: t('imports.leaveOut') },
      ],
    },
  ].filter((group) => group.options.length > 0);
  return (
    <Table<Column>
      rowKey="name"
      size="small"
      dataSource={columns}
      pagination={false}
      scroll={{ x: 'max-content', y: 520 }}
      columns={[
        { title: t('imports.column'), render: (_, column) => <b>{column.name}</b> },
        {
          title: t('imports.samples'),
          render: (_, { samples }) => (
            <span className={styles.samples}>{samples.slice(0, 3).join(' · ') || t('imports.blank')}</span>
          ),
        },
        {
          title: t('imports.becomes'),
          width: 300,
          render: (_, column) => (
            <Select
              value={mapping[column.name] ?? leaveOut}
              showSearch={{ optionFilterProp: 'label' }}
              style={{ width: '100%' }}
              aria-label={t('imports.becomesOf', { column: column.name })}
              options={options}
              onChange={(field: string) => onChange({ ...mapping, [column.name]: field === leaveOut ? null : field })}
            />
          ),
        },
        {
          title: t('imports.because'),
          render: (_, column) => {
            const isOurs = (mapping[column.name] ?? null) === column.field;
            if (!isOurs) return <Tag>{t('imports.chosen')}</Tag>;
            return (
              <span className={styles.because} data-sure={column.confidence >= 0.75}>
                {t('imports.sure', { rate: formats.rate(column.confidence, 0) })}{' '}
                <span className="faint">{explainBecause(column.because, t)}</span>
              </span>
            );
          },
        },
      ]}
    />
  );
}
