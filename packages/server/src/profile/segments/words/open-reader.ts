/** A clause that is read by taking what is understood out of it; what is left at the end was not understood. */
export type Reader = {
  /** Finds, and blanks out. */
  take(pattern: RegExp): RegExpMatchArray | null;
  rest(): string;
  /** Nothing but words that carry no meaning of their own is left. */
  isEmpty(): boolean;
};

/** Words that a condition does without: people, of, the. */
const fillersZh =
  /的|了|过|我们|人群|用户|客户|顾客|人|所有|那些|这些|曾经|曾|全部|一共|总共|累计|总计|请|找出|筛选|给我|想要|商品|产品|东西|在|内|里|有|都|并|次数/g;
const fillersEn =
  /\b(?:people|persons?|customers?|users?|shoppers?|everyone|everybody|those|all|who|that|which|have|has|had|the|an?|is|are|was|were|been|did|do|does|they|their|them|it|anything|something|any|some|products?|items?|ever|total|show|find|me|whose|with|for|in|of|on|to|at)\b/gi;

export const withoutFillers = (text: string): string =>
  text
    .replace(fillersEn, ' ')
    .replace(fillersZh, ' ')
    .replace(/[\s,.;:()!?，。；：（）！？、]+/g, ' ')
    .trim();

export function openReader(text: string): Reader {
  let rest = text;
  return {
    take(pattern) {
      const found = rest.match(pattern);
      if (found) rest = `${rest.slice(0, found.index)} ${rest.slice(found.index! + found[0].length)}`;
      return found;
    },
    rest: () => rest,
    isEmpty: () => withoutFillers(rest) === '',
  };
}

export const escapeForPattern = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Words with letters stand alone; Chinese is written without spaces. */
export const wordPattern = (word: string): string => {
  const own = escapeForPattern(word).replaceAll(' ', '\\s+');
  return `${/^\w/.test(word) ? '\\b' : ''}${own}${/\w$/.test(word) ? '\\b' : ''}`;
};
