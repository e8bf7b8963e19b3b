import {
  AppstoreOutlined,
  CloseCircleOutlined,
  CreditCardOutlined,
  EyeOutlined,
  FileTextOutlined,
  GiftOutlined,
  HeartOutlined,
  IdcardOutlined,
  MailOutlined,
  MessageOutlined,
  MinusCircleOutlined,
  MobileOutlined,
  NotificationOutlined,
  RollbackOutlined,
  SearchOutlined,
  ShareAltOutlined,
  ShoppingCartOutlined,
  ShoppingOutlined,
  StarOutlined,
  TagOutlined,
  TeamOutlined,
  ThunderboltOutlined,
} from '@ant-design/icons';
import type { EventRow } from '@zhiyin/contract';
import type { ComponentType } from 'react';
import { keyOf } from './describe-event.ts';

const byType: Readonly<Record<string, ComponentType>> = {
  identify: IdcardOutlined,
  alias: IdcardOutlined,
  group: TeamOutlined,
  page: FileTextOutlined,
  screen: MobileOutlined,
};

/** The first whose beginning fits. */
const byName: readonly (readonly [beginning: string, icon: ComponentType])[] = [
  ['products_searched', SearchOutlined],
  ['product_list', AppstoreOutlined],
  ['product_viewed', EyeOutlined],
  ['product_clicked', EyeOutlined],
  ['product_added_to_wishlist', HeartOutlined],
  ['product_added', ShoppingCartOutlined],
  ['product_removed', MinusCircleOutlined],
  ['product_shared', ShareAltOutlined],
  ['product_reviewed', StarOutlined],
  ['wishlist', HeartOutlined],
  ['cart_shared', ShareAltOutlined],
  ['cart', ShoppingCartOutlined],
  ['checkout', CreditCardOutlined],
  ['payment', CreditCardOutlined],
  ['order_refunded', RollbackOutlined],
  ['order_cancelled', CloseCircleOutlined],
  ['order', ShoppingOutlined],
  ['coupon', TagOutlined],
  ['promotion', GiftOutlined],
  ['email', MailOutlined],
  ['sms', MessageOutlined],
  ['push', NotificationOutlined],
];

export function EventIcon({ event }: { event: Pick<EventRow, 'type' | 'name'> }) {
  const key = keyOf(event.name);
  const Icon =
    byType[event.type] ?? byName.find(([beginning]) => key.startsWith(beginning))?.[1] ?? ThunderboltOutlined;
  return <Icon aria-hidden />;
}
