import {
  CheckCircleFilled,
  ClockCircleOutlined,
  MinusCircleOutlined,
  StopOutlined,
  WarningFilled,
} from '@ant-design/icons';
import type { Source } from '@zhiyin/contract';
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { readSourceState } from './source-state.ts';

const looks = {
  waiting: { icon: <ClockCircleOutlined />, color: 'processing' },
  receiving: { icon: <CheckCircleFilled />, color: 'success' },
  quiet: { icon: <MinusCircleOutlined />, color: undefined },
  troubled: { icon: <WarningFilled />, color: 'warning' },
  disabled: { icon: <StopOutlined />, color: undefined },
} as const;

export function SourceStateTag({ source }: { readonly source: Source }) {
  const { t } = useTranslation('data');
  const state = readSourceState(source, new Date());
  return (
    <Tag icon={looks[state].icon} color={looks[state].color} title={t(`sources.stateHints.${state}`)}>
      {t(`sources.states.${state}`)}
    </Tag>
  );
}
