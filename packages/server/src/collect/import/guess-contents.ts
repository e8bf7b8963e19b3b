/** What the values of a column look like, whatever it is called. */
export type ContentShape =
  | 'email'
  | 'phone'
  | 'instant'
  | 'day'
  | 'money'
  | 'count'
  | 'currency'
  | 'url'
  | 'rating'
  | 'id'
  | 'text'
  | 'empty';

const shapes: readonly (readonly [ContentShape, RegExp])[] = [
  ['email', /^[^\s@]+@[^\s@]+\.[^\s@]+$/u],
  ['phone', /^(\+?86[- ]?)?1[3-9]\d{9}$|^\+\d[\d\s-]{7,16}$/u],
  ['url', /^https?:\/\/\S+$/iu],
  ['day', /^((19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/.]\d{1,2}[-/.](19|20)\d{2}|(19|20)\d{6})$/u],
  [
    'instant',
    /^((19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/.]\d{1,2}[-/.](19|20)\d{2})[T\s]+\d{1,2}[:时]\d{2}|^1\d{9}(\d{3})?$/u,
  ],
  ['currency', /^(CNY|RMB|USD|EUR|GBP|JPY|HKD|TWD|KRW|SGD|AUD|CAD|CHF|INR|BRL|MYR|THB|VND)$/iu],
  ['money', /^-?[¥￥$€£]\s?-?[\d,]+(\.\d+)?$|^-?\d{1,3}(,\d{3})*\.\d{1,4}$|^-?\d+\.\d{1,4}$/u],
  ['rating', /^[1-5](\.0|\.5)?$/u],
  ['count', /^-?\d{1,7}(\.0+)?$/u],
  ['id', /^[\p{L}\d][\p{L}\d_.:-]{2,63}$/u],
];

/** The shape that nine in ten non-empty samples share. */
export function guessContents(samples: readonly string[]): ContentShape {
  const values = samples.map((sample) => sample.trim()).filter((sample) => sample !== '');
  if (values.length === 0) return 'empty';
  for (const [shape, pattern] of shapes) {
    const fits = values.filter((value) => pattern.test(value)).length;
    if (fits / values.length >= 0.9) return shape;
  }
  return 'text';
}

/** How well a shape suits a field: above 0 speaks for it, below against it. */
export function contentFit(field: string, shape: ContentShape): number {
  if (shape === 'empty') return 0;
  const wanted = expected[field];
  if (!wanted) return 0;
  return wanted.includes(shape) ? 1 : -1;
}

const number: readonly ContentShape[] = ['money', 'count', 'rating'];
const expected: Readonly<Record<string, readonly ContentShape[]>> = {
  email: ['email'],
  phone: ['phone', 'id', 'count'],
  timestamp: ['instant', 'day', 'id'],
  created_at: ['instant', 'day'],
  birthday: ['day', 'instant'],
  day: ['day', 'instant'],
  currency: ['currency'],
  price: number,
  amount: number,
  spend: number,
  discount: number,
  quantity: ['count', 'rating', 'money'],
  stock: ['count', 'rating', 'money', 'id'],
  rating: number,
  impressions: ['count', 'rating', 'id'],
  clicks: ['count', 'rating'],
  url: ['url', 'text', 'id'],
  image_url: ['url', 'text', 'id'],
};
