import {
  ApartmentOutlined,
  DatabaseOutlined,
  ExperimentOutlined,
  GiftOutlined,
  LineChartOutlined,
  PieChartOutlined,
  SettingOutlined,
  TeamOutlined,
} from '@ant-design/icons';
import type { Scope } from '@zhiyin/contract';
import type { ComponentType } from 'react';

export interface Destination {
  key: 'overview' | 'data' | 'people' | 'segments' | 'customers' | 'predictions' | 'recommend' | 'settings';
  to:
    | '/w/$workspaceId/overview'
    | '/w/$workspaceId/data'
    | '/w/$workspaceId/people'
    | '/w/$workspaceId/segments'
    | '/w/$workspaceId/customers'
    | '/w/$workspaceId/predictions'
    | '/w/$workspaceId/recommend'
    | '/w/$workspaceId/settings';
  /** Pressed after `g`. */
  letter: string;
  icon: ComponentType;
  /** Shown to those who may. */
  scope?: Scope;
}

/** The left navigation, in the order of the loops. Only what works is here. */
export const destinations: readonly Destination[] = [
  { key: 'overview', to: '/w/$workspaceId/overview', letter: 'o', icon: LineChartOutlined, scope: 'data:read' },
  { key: 'data', to: '/w/$workspaceId/data', letter: 'd', icon: DatabaseOutlined, scope: 'data:read' },
  { key: 'people', to: '/w/$workspaceId/people', letter: 'p', icon: TeamOutlined, scope: 'people:read' },
  { key: 'segments', to: '/w/$workspaceId/segments', letter: 'g', icon: ApartmentOutlined, scope: 'people:read' },
  { key: 'customers', to: '/w/$workspaceId/customers', letter: 'c', icon: PieChartOutlined, scope: 'data:read' },
  { key: 'predictions', to: '/w/$workspaceId/predictions', letter: 'f', icon: ExperimentOutlined, scope: 'data:read' },
  { key: 'recommend', to: '/w/$workspaceId/recommend', letter: 'r', icon: GiftOutlined, scope: 'data:read' },
  { key: 'settings', to: '/w/$workspaceId/settings', letter: 's', icon: SettingOutlined },
];
