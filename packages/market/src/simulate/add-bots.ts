import { startOfDayMs } from '../calendar.ts';
import { uuidAt } from '../people/build-people.ts';
import { Random, streamKey } from '../random.ts';
import { describe } from './visit-calls.ts';
import type { World } from './world.ts';

const botAgents = [
  'Mozilla/5.0 (compatible; PriceSpider/2.1; +http://spider.example/bot)',
  'Mozilla/5.0 (compatible; Baiduspider-render/2.0; +http://www.baidu.com/search/spider.html)',
  'HeadlessChrome/138.0.0.0',
];

/** A crawler walks through a few products each night, more of them on a larger site. @returns how many calls. */
export function addBots(world: World): number {
  const { today, record, catalogue } = world;
  const random = new Random().reset(streamKey(world.seed, 'bot'), today.day);
  const walks = random.poisson((1.4 * world.people.length) / 20_000);
  for (let walk = 0; walk < walks; walk++) {
    const who = -1 - walk;
    const sender = { anonymousId: uuidAt(streamKey(world.seed, 'bot-id'), today.day, walk) };
    const context = { userAgent: random.pick(botAgents) };
    let at = startOfDayMs(today.day) + random.below(6 * 3_600_000);
    for (let step = 0; step < 2; step++) {
      const item = random.pick(catalogue.items);
      at += 900 + random.below(300);
      record.add(who, at, sender, {
        type: 'track',
        event: 'Product Viewed',
        properties: describe(item, item.shown.price),
        context,
      });
    }
  }
  return 2 * walks;
}
