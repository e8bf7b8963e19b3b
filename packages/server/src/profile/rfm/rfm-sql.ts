import type { RfmSettings } from '@zhiyin/contract';
import { currencyExponents } from '../../domain/currencies.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Question } from '../../storage/events/event-store.ts';
import { group8Sql, group11Sql } from './rfm-groups.ts';

/**
 * One row a customer as of an instant: days since the last order, orders, what was spent less what was refunded, a score of 1 to 5 for
 * each, and the groups. An order that was refunded whole is none; more refunded than spent counts as nothing spent. Lines after the
 * instant do not exist yet. `at` names the parameter, so that two instants fit into one question.
 */
export const rfmSql = (settings: RfmSettings, at = 'at'): string => `
  SELECT profile_id, recency_days, orders, spent_minor, r, f, m, ${group8Sql} AS group8, ${group11Sql} AS group11
  FROM
  (
    SELECT profile_id, recency_days, orders, spent_minor,
      6 - ${scoreSql('recency_days', settings)} AS r, ${scoreSql('orders', settings)} AS f, ${scoreSql('spent_minor', settings)} AS m
    FROM
    (
      SELECT profile_id, count() AS orders, toInt64(sum(greatest(0, net))) AS spent_minor,
        toUInt32(intDiv(dateDiff('second', max(ordered_at), {${at}:DateTime64(3)}), 86400)) AS recency_days
      FROM
      (
        SELECT profile_id, order_id, maxIf(occurred_at, kind = 'sale') AS ordered_at, countIf(kind = 'sale') AS sold, sum(amount_minor) AS net
        FROM @person_order_lines
        WHERE currency = {currency:String} AND occurred_at < {${at}:DateTime64(3)}
        GROUP BY profile_id, order_id
        HAVING sold > 0 AND (net > 0 OR sumIf(amount_minor, kind = 'sale') = 0)${settings.windowDays === null ? '' : ` AND ordered_at >= {${at}:DateTime64(3)} - toIntervalDay({windowDays:UInt32})`}
      )
      GROUP BY profile_id
    )
  )`;

/** 1 the least to 5 the most of a measure; recency is turned round afterwards. */
function scoreSql(measure: keyof typeof cutNames, settings: RfmSettings): string {
  if (settings.cuts) {
    // Recency of exactly a limit is still within it; orders and money of exactly a limit have reached it.
    const passed = measure === 'recency_days' ? `${measure} > cut` : `${measure} >= cut`;
    return `toUInt8(1 + arrayCount(cut -> ${passed}, {${cutNames[measure]}:Array(Float64)}))`;
  }
  if (settings.ties === 'split') {
    const place = `(row_number() OVER (ORDER BY ${measure}, profile_id) - 1)`;
    return `toUInt8(if(count() OVER () = 1, 3, greatest(1, ceil(5 * ${place} / (count() OVER () - 1)))))`;
  }
  // Where the first of those with the same value stands among all: equal values share a score, and who bought once has the least.
  return `toUInt8(1 + floor(5 * (rank() OVER (ORDER BY ${measure}) - 1) / count() OVER ()))`;
}

const cutNames = { recency_days: 'cutsRecency', orders: 'cutsOrders', spent_minor: 'cutsSpent' } as const;

export function rfmParameters(
  workspace: Pick<Workspace, 'currency'>,
  settings: RfmSettings,
): Question['parameters'] & object {
  const { highFrom, cuts, windowDays } = settings;
  const scale = 10 ** (currencyExponents.get(workspace.currency) ?? 2);
  return {
    currency: workspace.currency,
    highRecency: highFrom.recency,
    highFrequency: highFrom.frequency,
    highMoney: highFrom.money,
    ...(windowDays === null ? {} : { windowDays }),
    ...(cuts
      ? {
          cutsRecency: cuts.recencyDays,
          cutsOrders: cuts.orders,
          cutsSpent: cuts.spent.map((amount) => Math.round(amount * scale)),
        }
      : {}),
  };
}
