import { describe, expect, it } from 'vitest';
import { ByteText } from '../byte-text.ts';
import { Catalogue, type ItemCells } from './catalogue.ts';
import { compileCondition, compileRegion } from './conditions.ts';
import { ContentIndex, wordsOf } from './content-index.ts';
import { listAttributes } from './list-attributes.ts';

let version = 0;
function item(itemId: string, more: Partial<ItemCells> = {}): ItemCells {
  version += 1;
  return {
    itemId,
    name: itemId,
    description: '',
    category: '',
    brand: '',
    priceMinor: null,
    currency: 'CNY',
    url: '',
    imageUrl: '',
    stock: null,
    attributes: {},
    deleted: false,
    version,
    ...more,
  };
}
const filled = (...items: ItemCells[]): Catalogue => {
  const catalogue = new Catalogue();
  catalogue.apply(items);
  return catalogue;
};

function said(add: (text: ByteText) => void): string {
  const text = new ByteText();
  add(text);
  return text.view().toString();
}

describe('the catalogue in memory', () => {
  it('keeps the newest version of an item whatever the order of arrival', () => {
    const [old, young] = [item('a', { name: 'old' }), item('a', { name: 'young' })];
    for (const order of [
      [old, young],
      [young, old],
    ]) {
      const catalogue = new Catalogue();
      for (const row of order) catalogue.apply([row]);
      expect(catalogue.names[0]).toBe('young');
      expect(catalogue.live).toBe(1);
    }
  });

  it('shows neither what is deleted nor what is sold out, and shows it again when it is back', () => {
    const catalogue = filled(item('a', { stock: 3 }), item('b', { stock: 0 }), item('c'));
    expect(['a', 'b', 'c'].map((id) => catalogue.isLive(catalogue.find(id)!))).toEqual([true, false, true]);
    catalogue.apply([item('a', { deleted: true }), item('b', { stock: 1 })]);
    expect([...catalogue.liveItems()].map((index) => catalogue.ids[index])).toEqual(['b', 'c']);
    expect(catalogue.live).toBe(2);
  });

  it('gives JSON that reads back, whatever is in a name', () => {
    const name = '茶 "quoted" \\ \u2028 </script> 👩‍🚀';
    const catalogue = filled(item('"x"', { name, priceMinor: 1_250 }));
    expect(JSON.parse(`{${said((text) => catalogue.addFragment(text, 0))}}`)).toMatchObject({
      itemId: '"x"',
      name,
      priceMinor: 1_250,
    });
    expect(JSON.parse(`"${said((text) => catalogue.addName(text, 0))}"`)).toBe(name);
  });

  it('says the latest of each item, however often they change', () => {
    const ids = Array.from({ length: 300 }, (_, i) => `i-${i}`);
    const catalogue = filled(...ids.map((id) => item(id)));
    for (let round = 1; round <= 20; round += 1) {
      const changed = ids.filter((_, i) => i % round === 0);
      catalogue.apply(changed.map((id) => item(id, { name: `${id} in round ${round}`, version: 1_000 + round })));
      for (const [index, id] of ids.entries()) {
        const latest = Array.from({ length: round }, (_, at) => at + 1).findLast((past) => index % past === 0);
        expect(said((text) => catalogue.addName(text, index))).toBe(`${id} in round ${latest}`);
        expect(said((text) => catalogue.addTwiceQuotedId(text, index))).toBe(`\\"${id}\\"`);
      }
    }
  });

  it('holds more items than it was made for', () => {
    const catalogue = filled(
      ...Array.from({ length: 3_000 }, (_, i) => item(`i-${i}`, { category: `c-${i % 7}`, stock: i % 2 })),
    );
    expect(catalogue.live).toBe(3_000);
    expect(catalogue.liveItems()).toHaveLength(1_500);
    expect(catalogue.categories[2_999]).toBe('c-3');
  });
});

describe('a condition', () => {
  const catalogue = filled(
    item('green', {
      category: 'tea / green',
      priceMinor: 9_900,
      attributes: { origin: ['Fujian', 'Anhui'], grams: 100 },
    }),
    item('black', {
      category: 'tea / black',
      priceMinor: 4_900,
      attributes: { origin: 'Yunnan', grams: 250, region: 'cn' },
    }),
    item('teapot', { category: 'teapots', attributes: {} }),
  );
  const meet = (condition: Parameters<typeof compileCondition>[1]) =>
    catalogue.ids.filter((_, index) => compileCondition(catalogue, condition)(index));

  it.each([
    [{ attribute: 'category', is: 'in', values: ['tea'] }, ['green', 'black']],
    [{ attribute: 'category', is: 'not_in', values: ['tea / green'] }, ['black', 'teapot']],
    [{ attribute: 'price', is: 'at_most', values: [50] }, ['black']],
    [{ attribute: 'price', is: 'exists', values: [] }, ['green', 'black']],
    [{ attribute: 'origin', is: 'in', values: ['Anhui'] }, ['green']],
    [{ attribute: 'origin', is: 'not_in', values: ['Yunnan'] }, ['green', 'teapot']],
    [{ attribute: 'grams', is: 'at_least', values: [200] }, ['black']],
    [{ attribute: 'grams', is: 'exists', values: [] }, ['green', 'black']],
    [{ attribute: 'nothing', is: 'in', values: ['x'] }, []],
  ] as const)('%j holds for %j', (condition, expected) => {
    expect(meet({ ...condition, values: [...condition.values] })).toEqual(expected);
  });

  it('on the region holds for items that name it, and for those that name none', () => {
    const shown = (region: string) => catalogue.ids.filter((_, index) => compileRegion(catalogue, region)(index));
    expect(shown('cn')).toEqual(['green', 'black', 'teapot']);
    expect(shown('de')).toEqual(['green', 'teapot']);
  });

  it('can be made of what the list of attributes says', () => {
    const attributes = listAttributes(catalogue);
    expect(attributes.find(({ attribute }) => attribute === 'grams')).toMatchObject({
      type: 'number',
      items: 2,
      min: 100,
      max: 250,
    });
    expect(attributes.find(({ attribute }) => attribute === 'origin')).toMatchObject({ type: 'text' });
  });
});

describe('likeness by content', () => {
  it('is greatest for items of the same kind, 1 with itself, and follows changes', () => {
    const catalogue = filled(
      item('a', { name: '白毫银针 white tea', category: 'tea', brand: 'x' }),
      item('b', { name: '白毫 white tea bags', category: 'tea', brand: 'y' }),
      item('c', { name: 'linen bedding', category: 'bed', brand: 'z' }),
    );
    const content = new ContentIndex(catalogue);
    content.bring();
    const scores = () => [...content.scores([{ item: 0, weight: 2 }], [0, 1, 2])];
    const [self, like, unlike] = scores();
    expect(self).toBeCloseTo(1, 5);
    expect(like).toBeGreaterThan(unlike!);
    expect(unlike).toBeGreaterThanOrEqual(0);
    catalogue.apply([item('c', { name: '白毫银针 white tea', category: 'tea', brand: 'x' })]);
    content.bring();
    expect(scores()[2]).toBeCloseTo(1, 5);
  });

  it('knows words of scripts with and without blanks', () => {
    expect(wordsOf('Jasmine 茉莉花茶 No1')).toEqual(['jasmine', '茉莉', '莉花', '花茶', 'no1']);
  });
});
