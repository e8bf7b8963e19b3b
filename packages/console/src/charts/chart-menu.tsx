import {
  CopyOutlined,
  DatabaseOutlined,
  FileImageOutlined,
  FileTextOutlined,
  MoreOutlined,
  TableOutlined,
} from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';

export type ChartAction = 'table' | 'copy' | 'png' | 'csv' | 'query';

type Props = {
  readonly title: string;
  readonly hasPicture: boolean;
  readonly hasQuery: boolean;
  readonly isDisabled: boolean;
  readonly onAction: (action: ChartAction) => void;
};

/** What can be done with a chart, the same on each. */
export function ChartMenu({ title, hasPicture, hasQuery, isDisabled, onAction }: Props) {
  const { t } = useTranslation('charts');
  const items = [
    { key: 'table', icon: <TableOutlined />, label: t('menu.table') },
    { key: 'copy', icon: <CopyOutlined />, label: t('menu.copy') },
    ...(hasPicture ? [{ key: 'png', icon: <FileImageOutlined />, label: t('menu.png') }] : []),
    { key: 'csv', icon: <FileTextOutlined />, label: t('menu.csv') },
    ...(hasQuery ? [{ key: 'query', icon: <DatabaseOutlined />, label: t('menu.query') }] : []),
  ];
  return (
    <Dropdown
      autoFocus
      trigger={['click']}
      placement="bottomRight"
      disabled={isDisabled}
      menu={{ items, onClick: ({ key }) => onAction(key as ChartAction) }}
    >
      <Button type="text" size="small" icon={<MoreOutlined />} aria-label={t('menu.label', { title })} />
    </Dropdown>
  );
}
