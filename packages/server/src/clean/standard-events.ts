import { RecentCache } from '../storage/vault/index.ts';

/** A standard e-commerce event: what it needs, and whether money is a part of it. Names as in the Segment specification. */
export type StandardEvent = {
  readonly name: string;
  /** Each group needs one of its properties. */
  readonly needs: readonly (readonly string[])[];
  readonly hasMoney: boolean;
  /** `product_id` is among what it needs. */
  readonly needsProduct: boolean;
};

const product: readonly (readonly string[])[] = [['product_id', 'sku']];
const order: readonly (readonly string[])[] = [['order_id']];

const definitions: readonly [name: string, needs: readonly (readonly string[])[], hasMoney?: boolean][] = [
  ['products_searched', [['query']]],
  ['product_list_viewed', []],
  ['product_list_filtered', []],
  ['promotion_viewed', []],
  ['promotion_clicked', []],
  ['product_clicked', product, true],
  ['product_viewed', product, true],
  ['product_added', product, true],
  ['product_removed', product, true],
  ['cart_viewed', [], true],
  ['checkout_started', [], true],
  ['checkout_step_viewed', []],
  ['checkout_step_completed', []],
  ['payment_info_entered', []],
  ['order_updated', order, true],
  ['order_completed', order, true],
  ['order_refunded', order, true],
  ['order_cancelled', order, true],
  ['coupon_entered', []],
  ['coupon_applied', []],
  ['coupon_denied', []],
  ['coupon_removed', []],
  ['product_added_to_wishlist', product, true],
  ['product_removed_from_wishlist', product],
  ['wishlist_product_added_to_cart', product, true],
  ['product_shared', product],
  ['cart_shared', []],
  ['product_reviewed', product],
  // Messages and apps: no product in them, but the same names from every sender.
  ['email_delivered', []],
  ['email_opened', []],
  ['email_link_clicked', []],
  ['email_bounced', []],
  ['email_marked_as_spam', []],
  ['unsubscribed', []],
  ['sms_delivered', []],
  ['sms_link_clicked', []],
  ['sms_unsubscribed', []],
  ['push_notification_received', []],
  ['push_notification_tapped', []],
  ['push_notification_bounced', []],
  ['push_notifications_disabled', []],
  ['application_installed', []],
  ['application_opened', []],
  ['application_updated', []],
];

export const standardEvents: ReadonlyMap<string, StandardEvent> = new Map(
  definitions.map(([name, needs, hasMoney = false]) => [
    name,
    { name, needs, hasMoney, needsProduct: needs.some((group) => group.includes('product_id')) },
  ]),
);

const otherSpellings: readonly [spelling: string, name: string][] = [
  ['completedorder', 'order_completed'],
  ['ordercanceled', 'order_cancelled'],
  ['cancelledorder', 'order_cancelled'],
  ['refundedorder', 'order_refunded'],
  ['updatedorder', 'order_updated'],
  ['viewedproduct', 'product_viewed'],
  ['clickedproduct', 'product_clicked'],
  ['addedproduct', 'product_added'],
  ['removedproduct', 'product_removed'],
  ['viewedproductcategory', 'product_list_viewed'],
  ['viewedproductlist', 'product_list_viewed'],
  ['productsearched', 'products_searched'],
  ['searchedproducts', 'products_searched'],
  ['viewedcart', 'cart_viewed'],
  ['startedcheckout', 'checkout_started'],
];

const nameBySpelling: ReadonlyMap<string, string> = new Map([
  ...definitions.map(([name]) => [name.replaceAll('_', ''), name] as const),
  ...otherSpellings,
]);

/** `order_completed` for `Order Completed`, `orderCompleted`, `Completed Order`; undefined for a brand's own names. */
export function findStandardName(name: string): string | undefined {
  if (name.length > 60) return undefined;
  let found = answers.find(name);
  if (found === undefined) {
    found = nameBySpelling.get(name.toLowerCase().replace(/[\s_\-.:]/g, '')) ?? '';
    answers.put(name, found);
  }
  return found === '' ? undefined : found;
}

/** By spelling; empty for a brand's own names. */
const answers = new RecentCache<string>(20_000);
