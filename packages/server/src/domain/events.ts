import type { IdentityId, ImportId, MessageKey, SourceId, WorkspaceId } from './ids.ts';

/** JSON as it arrives and as it is kept. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export type EventType = 'identify' | 'track' | 'page' | 'screen' | 'group' | 'alias';

/** A valid event as the event store keeps it. Carries surrogates only, never a direct identifier. */
export type StoredEvent = {
  readonly workspaceId: WorkspaceId;
  readonly sourceId: SourceId;
  readonly messageKey: MessageKey;
  readonly identityId: IdentityId;
  readonly type: EventType;
  /** `order_completed` for the standard events, as sent for a brand's own. */
  readonly name: string;
  readonly occurredAt: Date;
  readonly receivedAt: Date;
  readonly properties: JsonObject;
  readonly context: JsonObject;
  /** What was mended on the way in: `timestamp`, `currency`, `type:price`, … */
  readonly repairs: readonly string[];
  readonly importId: ImportId;
};

/** One line of an order. Refunds and cancellations are lines of kind `refund` with a negative amount. */
export type OrderLine = {
  readonly workspaceId: WorkspaceId;
  readonly identityId: IdentityId;
  readonly orderId: string;
  readonly lineKey: MessageKey;
  readonly kind: 'sale' | 'refund';
  readonly itemId: string;
  readonly itemName: string;
  readonly category: string;
  readonly quantity: number;
  /** Price of one unit in the currency's major unit, as sent (up to 4 decimals). */
  readonly unitPrice: string;
  /** quantity × price in the currency's minor unit, negative for refunds. */
  readonly amountMinor: number;
  readonly currency: string;
  readonly occurredAt: Date;
  readonly sourceId: SourceId;
  readonly importId: ImportId;
};

/** One known fact about a person. The latest by `occurredAt` (then `messageKey`) is the current value. */
export type TraitValue = {
  readonly workspaceId: WorkspaceId;
  readonly identityId: IdentityId;
  readonly name: string;
  readonly value: Json;
  readonly occurredAt: Date;
  readonly sourceId: SourceId;
  readonly messageKey: MessageKey;
};

/** An entry of the catalogue: a product, course, trip, dish, article. */
export type Item = {
  readonly workspaceId: WorkspaceId;
  readonly itemId: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly brand: string;
  readonly priceMinor: number | null;
  readonly currency: string;
  readonly url: string;
  readonly imageUrl: string;
  /** Units left; null when not tracked. */
  readonly stock: number | null;
  readonly attributes: JsonObject;
  readonly updatedAt: Date;
  readonly deleted: boolean;
};

export type Review = {
  readonly workspaceId: WorkspaceId;
  readonly reviewKey: MessageKey;
  readonly identityId: IdentityId | null;
  readonly itemId: string;
  /** 1 to 5, or null when the source has none. */
  readonly rating: number | null;
  readonly title: string;
  readonly text: string;
  readonly language: string;
  readonly occurredAt: Date;
  readonly sourceId: SourceId;
  readonly importId: ImportId;
};

export type AdSpend = {
  readonly workspaceId: WorkspaceId;
  readonly spendKey: MessageKey;
  /** Calendar day in the workspace's time zone, `YYYY-MM-DD`. */
  readonly day: string;
  readonly mediaChannel: string;
  readonly campaign: string;
  readonly spendMinor: number;
  readonly currency: string;
  readonly impressions: number;
  readonly clicks: number;
  readonly importId: ImportId;
};
