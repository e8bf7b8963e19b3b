import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Because } from './explain-items.ts';
import type { Chosen } from './question.ts';

const verbs: Readonly<Record<Because['did'], { readonly zh: string; readonly en: string }>> = {
  viewed: { zh: '看过', en: 'viewed' },
  added: { zh: '加购过', en: 'added to your cart' },
  wished: { zh: '收藏过', en: 'saved' },
  bought: { zh: '买过', en: 'bought' },
  liked: { zh: '喜欢', en: 'liked' },
  shared: { zh: '分享过', en: 'shared' },
  disliked: { zh: '看过', en: 'viewed' },
  returned: { zh: '买过', en: 'bought' },
  removed: { zh: '看过', en: 'viewed' },
  alike: { zh: '相似', en: 'similar' },
  together: { zh: '一起买', en: 'bought together' },
  next: { zh: '接着', en: 'next' },
  attribute: { zh: '相近', en: 'close' },
  due: { zh: '该补货了', en: 'due again' },
};

/** Where no deed speaks for an item: what does. */
const plain: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  pinned: { zh: '编辑精选', en: 'Picked for you by the shop' },
  explored: { zh: '换个新鲜的看看', en: 'Something new to discover' },
  popular: { zh: '近期很多人选择', en: 'Popular right now' },
  new: { zh: '新上架', en: 'New here' },
  personal: { zh: '与您近期的兴趣相符', en: 'In line with what you did lately' },
  search: { zh: '与您的搜索相符', en: 'Matches your search' },
  similar: { zh: '与正在看的相似', en: 'Similar to what you look at' },
  together: { zh: '常与您选的一起买', en: 'Often bought with what you chose' },
  next: { zh: '很多人接着选择', en: 'What many take next' },
};

const isDeed = (did: Because['did']): boolean =>
  did !== 'alike' && did !== 'together' && did !== 'next' && did !== 'attribute' && did !== 'due';

/** The reason in words, ready to stand inside of a JSON text: names come quoted for it. */
export function wordReason(
  catalogue: Pick<Catalogue, 'quotedName'>,
  one: Chosen,
  because: readonly Because[],
  locale: 'zh' | 'en',
): string {
  const first = because[0];
  if (!first) return plain[one.pinned ? 'pinned' : one.explored ? 'explored' : one.method]![locale];
  const names = because.map(({ item }) =>
    locale === 'zh' ? `「${catalogue.quotedName(item)}」` : `“${catalogue.quotedName(item)}”`,
  );
  if (isDeed(first.did)) {
    const parts = because.map(({ did }, at) =>
      locale === 'zh' ? `${verbs[did].zh}${names[at]}` : `${verbs[did].en} ${names[at]}`,
    );
    return locale === 'zh' ? `因为您${parts.join('、')}` : `Because you ${joinEnglish(parts)}`;
  }
  if (first.did === 'due')
    return locale === 'zh' ? '您买过，差不多该补货了' : 'You bought it before, and it may have run out';
  if (first.did === 'alike') return locale === 'zh' ? `与${names[0]}相似` : `Similar to ${names[0]}`;
  if (first.did === 'together')
    return locale === 'zh' ? `常与${names.join('、')}一起买` : `Often bought with ${joinEnglish(names)}`;
  if (first.did === 'next') return locale === 'zh' ? `很多人在${names[0]}之后选择` : `What many take after ${names[0]}`;
  return locale === 'zh' ? `新上架，与${names[0]}相近` : `New here, and close to ${names[0]}`;
}

const joinEnglish = (parts: readonly string[]): string =>
  parts.length <= 1 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
