import {
  CheckCircleFilled,
  ClockCircleOutlined,
  CloseCircleFilled,
  EditOutlined,
  StopOutlined,
  SyncOutlined,
  UploadOutlined,
} from '@ant-design/icons';
import type { Import } from '@zhiyin/contract';
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';

const looks = {
  uploading: { icon: <UploadOutlined />, color: 'processing' },
  ready: { icon: <EditOutlined />, color: 'warning' },
  queued: { icon: <ClockCircleOutlined />, color: 'processing' },
  running: { icon: <SyncOutlined />, color: 'processing' },
  done: { icon: <CheckCircleFilled />, color: 'success' },
  failed: { icon: <CloseCircleFilled />, color: 'error' },
  cancelled: { icon: <StopOutlined />, color: undefined },
} as const;

export function ImportStateTag({ state }: { readonly state: Import['state'] }) {
  const { t } = useTranslation('data');
  return (
    <Tag icon={looks[state].icon} color={looks[state].color}>
      {t(`imports.states.${state}`)}
    </Tag>
  );
}
