import { deedSpellings, deeds, dislikedToStars, itemProperties, likedFromStars } from './deeds.ts';

const itemOfEvent = `coalesce(${itemProperties.map((name) => `properties.${name}::Nullable(String)`).join(', ')}, '')`;

/** Parameters that `deedsSql` needs. */
export const deedParameters = {
  eventNames: deedSpellings.map(({ name }) => name),
  eventCodes: deedSpellings.map(({ code }) => code),
  allNames: [...deedSpellings.map(({ name }) => name), 'product_reviewed'],
};

/**
 * Rows (identity or profile, item_id, deed code, at): views, carts and wishes from events, purchases and returns from order lines,
 * likes and dislikes from ratings. `person` is the column that says who, `tables` a prefix such as `person_`.
 */
export function deedsSql(options: {
  readonly person: 'identity_id' | 'profile_id';
  /** A condition on each part, such as `identity_id IN {…}`. */
  readonly where: string;
  readonly withReviews: boolean;
}): string {
  const { person, where, withReviews } = options;
  const prefix = person === 'profile_id' ? 'person_' : '';
  const rating = 'properties.rating::Nullable(Float64)';
  const parts = [
    // Ratings are told by their stars; those in the middle say nothing (0).
    `SELECT ${person} AS person, ${itemOfEvent} AS item_id,
       toUInt8(if(name = 'product_reviewed',
         multiIf(${rating} >= ${likedFromStars}, ${deeds.liked.code}, ${rating} <= ${dislikedToStars}, ${deeds.disliked.code}, 0),
         transform(toString(name), {eventNames:Array(String)}, {eventCodes:Array(UInt8)}, 0))) AS deed, occurred_at AS at
     FROM @${prefix}events WHERE name IN {allNames:Array(String)} AND ${where} AND deed != 0`,
    `SELECT ${person} AS person, item_id, toUInt8(if(kind = 'sale', ${deeds.bought.code}, ${deeds.returned.code})) AS deed, occurred_at AS at
     FROM @${prefix}order_lines WHERE ${where}`,
  ];
  if (withReviews) {
    parts.push(
      `SELECT ${person} AS person, item_id, toUInt8(if(rating >= ${likedFromStars}, ${deeds.liked.code}, ${deeds.disliked.code})) AS deed, occurred_at AS at
       FROM @${prefix}reviews WHERE (rating >= ${likedFromStars} OR rating <= ${dislikedToStars}) AND identity_id != 0 AND ${where}`,
    );
  }
  return parts.join('\n UNION ALL\n ');
}
