import type { Import } from '@zhiyin/contract';

/** Orders and events become visible all at once, so a cancelled import leaves none; other rows are handed on one by one and stay. */
export const staysWhenCancelled = ({ kind, startedAt }: Pick<Import, 'kind' | 'startedAt'>): boolean =>
  startedAt !== null && kind !== 'orders' && kind !== 'events';
