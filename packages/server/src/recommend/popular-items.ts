import type { DeedWeights } from '@zhiyin/contract';
import type { Question } from '../storage/events/event-store.ts';
import type { PopularItems } from './answer/question.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import type { ServingModel } from './models/serving-model.ts';
import { deedParameters, deedsSql } from './people/deeds-sql.ts';
import { weighSql } from './train/weigh-sql.ts';

const itemsMax = 5_000;
const days = 90;

/** Until there is a model: what people took lately, weighed as in training. */
export const popularityQuestion = (weights: DeedWeights, now: Date = new Date()): Question => ({
  name: 'recommend-popular',
  parameters: { ...deedParameters, now, since: new Date(now.getTime() - days * 86_400_000) },
  sql: `SELECT item_id, sum(${weighSql('deed', 'at', '{now:DateTime64(3)}', weights)}) AS weight
        FROM (${deedsSql({ person: 'identity_id', where: 'occurred_at >= {since:DateTime64(3)}', withReviews: false })})
        WHERE item_id != '' GROUP BY item_id HAVING weight > 0 ORDER BY weight DESC LIMIT ${itemsMax}`,
});

export function popularFromCounts(
  rows: readonly { item_id: string; weight: number }[],
  catalogue: Catalogue,
): PopularItems {
  const known = rows.flatMap((row) => {
    const item = catalogue.find(row.item_id);
    return item === undefined ? [] : [{ item, weight: Number(row.weight) }];
  });
  return toPopular(known);
}

export function popularFromModel(model: ServingModel): PopularItems {
  const { popularity } = model.bundle;
  const items = Array.from(popularity, (weight, item) => ({ item: model.catalogueOf[item]!, weight })).filter(
    ({ weight }) => weight > 0,
  );
  return toPopular(items.sort((a, b) => b.weight - a.weight || a.item - b.item));
}

/** The square root keeps the few best sellers from leaving nothing for the rest. */
function toPopular(sorted: readonly { item: number; weight: number }[]): PopularItems {
  const most = sorted[0]?.weight ?? 1;
  return {
    item: Int32Array.from(sorted, ({ item }) => item),
    score: Float32Array.from(sorted, ({ weight }) => Math.sqrt(weight / most)),
  };
}
