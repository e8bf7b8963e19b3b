import { type Catalogue, categories, tasteSize } from '../catalogue/build-catalogue.ts';
import { bitsAt, Random, streamKey } from '../random.ts';
import { type City, cities, drawName } from './names.ts';

export type DeviceKind = 'desktop' | 'mobile' | 'app' | 'mini_program';
export type Device = {
  readonly kind: DeviceKind;
  readonly anonymousId: string;
  readonly deviceId: string;
  readonly brandOfPhone: string;
};
export type MessageChannel = 'email' | 'sms' | 'push';

/** How a person answers one channel: logit of opening, share of those who opened that click, and consent. */
export type ChannelResponse = { readonly consent: boolean; readonly openLogit: number; readonly clickLogit: number };

/** The whole truth about a person. What a site may know is in `known`; everything else stays here. */
export type Person = {
  readonly index: number;
  readonly userId: string;
  readonly known: {
    readonly name: string;
    readonly email: string | null;
    readonly phone: string | null;
    /** What WeChat calls this person in the brand's mini program. */
    readonly openId: string;
    readonly gender: 'female' | 'male';
    readonly birthday: string | null;
    readonly language: 'zh' | 'en';
    readonly city: City;
  };
  readonly devices: readonly Device[];
  readonly taste: Float64Array;
  readonly categoryPull: Float64Array;
  /** Weight on ln(price / middle price): 0.2 hardly looks, 2.5 looks at nothing else. */
  readonly priceSensitivity: number;
  /** Added to every readiness to buy. */
  readonly eagerness: number;
  /** What feels like a lot of money for one order, in yuan. */
  readonly budget: number;
  /** Visits on a plain day while the person has not left. */
  readonly visitsPerDay: number;
  /** Chance to leave for good after a visit; a bad experience adds to it. */
  readonly churnHazard: number;
  readonly channels: Readonly<Record<MessageChannel, ChannelResponse>>;
  /** How fast messages tire: 1 is usual. */
  readonly fatigability: number;
  /** Raises or lowers all that is felt; stars and words follow. */
  readonly mood: number;
  /** Thresholds between the stars move up by this. */
  readonly strictness: number;
  readonly writesReviews: number;
  readonly wordiness: number;
  readonly tellsFriends: number;
  /** Visits before signing up without an order; Infinity: only when buying. */
  readonly registersAtVisit: number;
  readonly signsInOnNewDevice: number;
};

export type PeopleOptions = { readonly seed: number; readonly count: number; readonly englishShare: number };

const typesOfPeople = [
  { pulls: ['tea', 'teaware', 'fragrance'], weight: 3 },
  { pulls: ['bedding', 'decor', 'kitchen'], weight: 3 },
  { pulls: ['skincare', 'bodycare', 'fragrance'], weight: 3 },
  { pulls: ['womenswear', 'bags', 'skincare'], weight: 3 },
  { pulls: ['kids', 'bodycare', 'bedding'], weight: 2 },
  { pulls: ['menswear', 'bags', 'tea'], weight: 2 },
] as const;

/** Draws the people. Each person has a stream of their own: person 7 is the same whether there are 100 or 100,000. */
export function buildPeople({ seed, count, englishShare }: PeopleOptions, catalogue: Catalogue): Person[] {
  const random = new Random();
  const key = streamKey(seed, 'person');
  const people: Person[] = [];
  for (let index = 0; index < count; index++)
    people.push(drawPerson(random.reset(key, index), seed, index, englishShare, catalogue));
  shareDevices(people, seed);
  return people;
}

/** One person of a crowd without end: also those who come after the last day of a market. */
export function drawPerson(
  random: Random,
  seed: number,
  index: number,
  englishShare: number,
  catalogue: Catalogue,
): Person {
  const language = random.chance(englishShare) ? 'en' : 'zh';
  const type = typesOfPeople[random.weighted(typesOfPeople.map((each) => each.weight))]!;
  const isMale = random.chance(type.pulls.includes('menswear' as never) ? 0.8 : 0.28);
  const gender = isMale ? 'male' : 'female';
  const name = drawName(random, language, gender);
  const city = cities[random.weighted(cities.map((each) => each.weight))]!;
  const taste = drawTaste(random, type.pulls, catalogue);
  // Richer cities look less at the price; the rest is personal.
  const priceSensitivity = Math.exp(0.55 * random.normal() - 0.15 + 0.18 * (city.tier - 2));
  const loyal = random.gamma(0.7, 1);
  const consents = random.uniform();
  const channel = (consent: boolean, open: number, click: number): ChannelResponse => ({
    consent,
    openLogit: open + 0.9 * random.normal(),
    clickLogit: click + 0.7 * random.normal(),
  });
  const mailbox = `${name.mailbox}${(bitsAt(streamKey(seed, 'mailbox'), index, 0) % 9000) + 1000}${index.toString(36)}`;
  return {
    index,
    userId: `u${100_000_000 + (((index + 1) * 48_271) % 899_999_999)}`,
    known: {
      name: name.written,
      email: random.chance(language === 'en' ? 0.97 : 0.58) ? `${mailbox}@example.com` : null,
      phone: random.chance(language === 'en' ? 0.55 : 0.96) ? syntheticPhone(index) : null,
      openId: `o${uuidAt(streamKey(seed, 'open-id'), index, 0).replaceAll('-', '').slice(0, 27)}`,
      gender,
      birthday: random.chance(0.25)
        ? `${1962 + random.below(45)}-${two(1 + random.below(12))}-${two(1 + random.below(28))}`
        : null,
      language,
      city,
    },
    devices: drawDevices(random, seed, index),
    taste,
    categoryPull: Float64Array.from(catalogue.centres, (centre) => 2.6 * dot(taste, centre)),
    priceSensitivity,
    eagerness: 0.75 * random.normal(),
    budget: 320 * Math.exp(0.5 * random.normal() - 0.25 * priceSensitivity + 0.2 * (2 - city.tier) + 0.25),
    visitsPerDay: Math.min(0.6, 0.005 + 0.032 * loyal),
    churnHazard: random.beta(1.1, 5),
    channels: {
      email: channel(consents < 0.72, -1.35, -2.0),
      sms: channel(consents < 0.5, -0.6, -2.9),
      push: channel(consents > 0.3, -2.2, -0.9),
    },
    fatigability: Math.exp(0.5 * random.normal()),
    mood: 0.35 * random.normal(),
    strictness: 0.4 * random.normal(),
    writesReviews: random.beta(1.2, 3.2),
    wordiness: Math.exp(0.7 * random.normal()),
    tellsFriends: random.beta(1, 5),
    registersAtVisit: random.chance(0.42) ? 1 + Math.floor(random.exponential(2.2)) : Number.POSITIVE_INFINITY,
    signsInOnNewDevice: random.between(0.3, 0.9),
  };
}

/** A direction in the space of tastes: towards the centres of a few categories, and a good part of one's own. */
function drawTaste(random: Random, pulls: readonly string[], catalogue: Catalogue): Float64Array {
  const taste = Float64Array.from({ length: tasteSize }, () => random.normal() / Math.sqrt(tasteSize));
  for (const [rank, id] of pulls.entries()) {
    const centre = catalogue.centres[categories.findIndex((category) => category.id === id)]!;
    const pull = random.between(0.3, 1) * (1 - 0.2 * rank);
    for (let axis = 0; axis < tasteSize; axis++) taste[axis]! += pull * centre[axis]!;
  }
  const length = Math.hypot(...taste);
  return taste.map((value) => value / length);
}

function drawDevices(random: Random, seed: number, person: number): Device[] {
  const count = 1 + (random.chance(0.36) ? 1 : 0) + (random.chance(0.09) ? 1 : 0);
  const kinds: DeviceKind[] = ['mobile', 'mini_program', 'app', 'desktop'];
  const weights = [4, 3, 2.2, 1.8];
  return Array.from({ length: count }, (_, slot) => {
    const chosen = random.weighted(weights);
    weights[chosen] = 0.05;
    return {
      kind: kinds[chosen]!,
      anonymousId: uuidAt(streamKey(seed, 'anonymous'), person, slot),
      deviceId: uuidAt(streamKey(seed, 'device'), person, slot),
      brandOfPhone: random.pick(['HUAWEI', 'Xiaomi', 'OPPO', 'vivo', 'Apple', 'Apple', 'HONOR']),
    };
  });
}

/** A family's tablet or desktop: about 3 in 100 people use the first device of the person before them as well. */
function shareDevices(people: Person[], seed: number): void {
  const random = new Random().reset(streamKey(seed, 'shared-device'));
  for (let index = 1; index < people.length; index++) {
    if (!random.chance(0.03)) continue;
    const [person, other] = [people[index]!, people[index - 1]!];
    people[index] = { ...person, devices: [...person.devices, other.devices[0]!] };
  }
}

/** 154 is not assigned to any Chinese operator: the numbers look like mobiles and reach nobody. */
function syntheticPhone(index: number): string {
  return `+86154${String(((index + 1) * 7_919) % 100_000_000).padStart(8, '0')}`;
}

/** Shape of a version 4 UUID, from the seed. */
export function uuidAt(key: number, x: number, y: number): string {
  const hex = [0, 1, 2, 3]
    .map((part) =>
      bitsAt(key + part * 7_919, x, y)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let axis = 0; axis < tasteSize; axis++) sum += (a[axis] as number) * (b[axis] as number);
  return sum;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
