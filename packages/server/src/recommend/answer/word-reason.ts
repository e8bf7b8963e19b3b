import { type ByteText, bytesOf } from '../byte-text.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Because } from './explain-items.ts';
import type { Chosen } from './question.ts';

type Locale = 'zh' | 'en';
type Worded = Readonly<Record<Locale, Buffer>>;
const worded = (zh: string, en: string): Worded => ({ zh: bytesOf(zh), en: bytesOf(en) });

const verbs: Readonly<Record<Because['did'], Worded>> = {
  viewed: worded('看过', 'viewed '),
  added: worded('加购过', 'added to your cart '),
  wished: worded('收藏过', 'saved '),
  bought: worded('买过', 'bought '),
  liked: worded('喜欢', 'liked '),
  shared: worded('分享过', 'shared '),
  disliked: worded('看过', 'viewed '),
  returned: worded('买过', 'bought '),
  removed: worded('看过', 'viewed '),
  alike: worded('与', 'Similar to '),
  together: worded('常与', 'Often bought with '),
  next: worded('很多人在', 'What many take after '),
  attribute: worded('新上架，与', 'New here, and close to '),
  due: worded('您买过，差不多该补货了', 'You bought it before, and it may have run out'),
};

/** What stands behind the names where no deed of the person is the reason. */
const endings: Partial<Record<Because['did'], Worded>> = {
  alike: worded('相似', ''),
  together: worded('一起买', ''),
  next: worded('之后选择', ''),
  attribute: worded('相近', ''),
  due: worded('', ''),
};

/** Of likeness and order only the strongest is said; what has run out is the item itself. */
const namedMax: Partial<Record<Because['did'], number>> = { alike: 1, next: 1, attribute: 1, due: 0 };

/** Where no deed speaks for an item: what does. */
const plain: Readonly<Record<string, Worded>> = {
  pinned: worded('编辑精选', 'Picked for you by the shop'),
  explored: worded('换个新鲜的看看', 'Something new to discover'),
  popular: worded('近期很多人选择', 'Popular right now'),
  new: worded('新上架', 'New here'),
  personal: worded('与您近期的兴趣相符', 'In line with what you did lately'),
  search: worded('与您的搜索相符', 'Matches your search'),
  similar: worded('与正在看的相似', 'Similar to what you look at'),
  together: worded('常与您选的一起买', 'Often bought with what you chose'),
  next: worded('很多人接着选择', 'What many take next'),
};

const because = worded('因为您', 'Because you ');
const between = worded('、', ', ');
const beforeLast = worded('、', ' and ');
const openName = worded('「', '“');
const closeName = worded('」', '”');

/** The reason in words, ready to stand inside of a JSON text: names come quoted for it. */
export function addReason(
  text: ByteText,
  catalogue: Pick<Catalogue, 'addName'>,
  one: Chosen,
  parts: readonly Because[],
  locale: Locale,
): void {
  const first = parts[0];
  if (!first) {
    text.add(plain[one.pinned ? 'pinned' : one.explored ? 'explored' : one.method]![locale]);
    return;
  }
  const ending = endings[first.did];
  const named = namedMax[first.did] ?? parts.length;
  text.add(ending ? verbs[first.did][locale] : because[locale]);
  for (let at = 0; at < Math.min(named, parts.length); at += 1) {
    const { did, item } = parts[at]!;
    if (at > 0) text.add((at === parts.length - 1 ? beforeLast : between)[locale]);
    if (!ending) text.add(verbs[did][locale]);
    text.add(openName[locale]);
    catalogue.addName(text, item);
    text.add(closeName[locale]);
  }
  if (ending) text.add(ending[locale]);
}
