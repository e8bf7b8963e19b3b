/** Why a record could not be kept. Closed list: each has a sentence in both languages in the console and a fix. */
export const quarantineReasons = [
  'malformed_json',
  'not_an_object',
  'unknown_type',
  'too_large',
  'too_deep',
  'missing_identity',
  'blocked_identity',
  'missing_event_name',
  'bad_timestamp',
  'too_old',
  'in_future',
  'bad_type',
  'bad_amount',
  'bad_currency',
  'missing_property',
  'negative_quantity',
  'negative_price',
  'bot',
  'prefetch',
  'bad_encoding',
  'column_count',
  'unreadable_row',
  'missing_item',
  'bad_rating',
  'store_refused',
  'poison',
] as const;

export type QuarantineReason = (typeof quarantineReasons)[number];

/** The end of every record that came in: exactly one of these. */
export type OutcomeKind = 'valid' | 'duplicate' | 'quarantined';
