import { describe, expect, it } from 'vitest';
import { createMarket } from './create-market.ts';
import { dot } from './people/build-people.ts';
import { correlation } from './testing.ts';

const market = createMarket({ endDay: '2026-11-22', people: 400, days: 30, seed: 5 });
const { people, catalogue } = market.base;
const at = Date.parse('2026-07-14T12:00:00Z');
const idsByTaste = (index: number) =>
  [...catalogue.items]
    .sort((a, b) => dot(people[index]!.taste, b.taste) - dot(people[index]!.taste, a.taste))
    .map((item) => item.shown.id);

describe('respond', () => {
  it('answers the same question the same way, and another draw anew, around the true chance', () => {
    const { userId } = people[3]!;
    const ask = (draw: number) =>
      market.respond(userId, { kind: 'recommendation', at, draw, itemIds: idsByTaste(3).slice(0, 6) });
    expect(ask(1)).toEqual(ask(1));
    const draws = Array.from({ length: 4_000 }, (_, draw) => ask(draw));
    const share = draws.filter((outcome) => outcome.clicked).length / draws.length;
    expect(share).toBeCloseTo(draws[0]!.chances.click, 1);
  });

  it('clicks more on what is to one’s taste, and less further down', () => {
    let [near, far] = [0, 0];
    for (let index = 0; index < 200; index++) {
      const ids = idsByTaste(index);
      near += market.respond(people[index]!.userId, { kind: 'recommendation', at, itemIds: ids.slice(0, 8) }).chances
        .click;
      far += market.respond(people[index]!.userId, { kind: 'recommendation', at, itemIds: ids.slice(-8) }).chances
        .click;
    }
    expect(near).toBeGreaterThan(2.5 * far);
    const id = idsByTaste(0)[0]!;
    const { clickChances } = market.respond(people[0]!.userId, { kind: 'recommendation', at, itemIds: [id, id, id] });
    expect(clickChances).toEqual([...clickChances].sort((a, b) => b - a));
  });

  it('sells less at a higher price, and falls faster for the price sensitive', () => {
    const slopes = people.map((person, index) => {
      const best = idsByTaste(index)[0];
      const item = catalogue.items.find((each) => each.shown.id === best)!;
      const buy = (factor: number) =>
        market.respond(person.userId, { kind: 'price', at, itemId: item.shown.id, price: item.shown.price * factor })
          .chances.buy;
      expect(buy(0.8)).toBeGreaterThan(buy(1));
      expect(buy(1)).toBeGreaterThan(buy(1.25));
      return [person.priceSensitivity, Math.log(buy(1.25) / buy(0.999))] as const;
    });
    expect(correlation(slopes)).toBeLessThan(-0.6);
  });

  it('persuades some with a message and drives tired people away', () => {
    const gain = (fatigue: number) =>
      people.map((person, index) => {
        const alone = market.respond(person.userId, { kind: 'nothing', at }).chances.buy;
        const itemIds = idsByTaste(index).slice(0, 3);
        return (
          market.respond(person.userId, { kind: 'message', channel: 'email', at, itemIds, discount: 0.15, fatigue })
            .chances.buy - alone
        );
      });
    const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
    expect(mean(gain(0))).toBeGreaterThan(0.001);
    expect(mean(gain(5))).toBeLessThan(mean(gain(0)));
    expect(gain(5).some((value) => value < 0)).toBe(true);
    const quit = (fatigue: number) =>
      market.respond(people[0]!.userId, { kind: 'message', channel: 'sms', at, itemIds: [], discount: 0, fatigue })
        .chances.unsubscribe;
    expect(quit(6)).toBeGreaterThan(quit(0));
  });

  it('clicks on ads rarely, more in search than on banners', () => {
    const click = (mediaChannel: 'search' | 'display') =>
      market.respond(people[1]!.userId, { kind: 'ad', mediaChannel, at, itemIds: idsByTaste(1).slice(0, 1) }).chances
        .click;
    expect(click('search')).toBeGreaterThan(click('display'));
    expect(click('display')).toBeLessThan(0.1);
  });

  it('names the person or item it does not know', () => {
    expect(() => market.respond('u1', { kind: 'nothing', at })).toThrow('u1');
    expect(() => market.respond(people[0]!.userId, { kind: 'price', at, itemId: 'XW-0', price: 9 })).toThrow('XW-0');
    expect(() =>
      market.respond(people[0]!.userId, { kind: 'price', at, itemId: catalogue.items[0]!.shown.id, price: 0 }),
    ).toThrow('price');
  });
});
