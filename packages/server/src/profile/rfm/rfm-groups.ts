import { type RfmGroup11, rfmGroups8 } from '@zhiyin/contract';

/**
 * The eleven groups: recency score down from 1 to 5 (5 the latest), mean of frequency and money across from 1 to 5. Every cell belongs to
 * exactly one group.
 */
const grid: readonly (readonly RfmGroup11[])[] = [
  ['lost', 'hibernating', 'at_risk', 'at_risk', 'cannot_lose'],
  ['hibernating', 'hibernating', 'at_risk', 'at_risk', 'cannot_lose'],
  ['about_to_sleep', 'about_to_sleep', 'need_attention', 'loyal', 'loyal'],
  ['promising', 'potential_loyalists', 'potential_loyalists', 'loyal', 'loyal'],
  ['new_customers', 'potential_loyalists', 'potential_loyalists', 'champions', 'champions'],
];

const listOf = (groups: readonly string[]): string => `[${groups.map((group) => `'${group}'`).join(', ')}]`;

/** The mean of the scores of frequency and money, halves downwards: a single large order makes nobody a regular. */
export const valueScoreSql = 'intDiv(f + m, 2)';
/** Over columns r, f and m. */
export const group11Sql = `${listOf(grid.flat())}[(r - 1) * 5 + ${valueScoreSql}]`;

/** The classic eight. Important: spends much. Value, develop, keep, win back: by whether they came lately and come often. */
export const group8Sql = `${listOf(rfmGroups8)}[1 + if(m >= {highMoney:UInt8}, 0, 4) + if(r >= {highRecency:UInt8}, 0, 2)
      + if(f >= {highFrequency:UInt8}, 0, 1)]`;
