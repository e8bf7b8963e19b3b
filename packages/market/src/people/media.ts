import { civilDate, formatDay, weekdayOf } from '../calendar.ts';
import { findPromotion } from '../promotions.ts';
import { Random, streamKey } from '../random.ts';

export type MediaChannel = 'search' | 'social' | 'short_video' | 'display';

/** Truth about one media channel. Response to spend: carry-over, then saturation, then visits. */
export type MediaTruth = {
  readonly channel: MediaChannel;
  readonly source: string;
  readonly medium: string;
  readonly clickId: string;
  readonly campaign: string;
  /** Usual spend of a day, yuan per 1,000 people of the market. */
  readonly usualSpend: number;
  /** Share of yesterday's effect that is still there today. */
  readonly carryOver: number;
  /** Spend (same unit, after carry-over) that gives half of the most. */
  readonly halfSpend: number;
  /** Most first visits this channel can bring in a day, relative to what comes by itself (1). */
  readonly newMost: number;
  /** Most returning visits, relative to what comes by itself. */
  readonly returnMost: number;
  readonly costPerClick: number;
};

export const mediaTruth: readonly MediaTruth[] = [
  {
    channel: 'search',
    source: 'baidu',
    medium: 'cpc',
    clickId: 'bd_vid',
    campaign: 'brand-search',
    usualSpend: 22,
    carryOver: 0.15,
    halfSpend: 26,
    newMost: 0.9,
    returnMost: 0.16,
    costPerClick: 2.4,
  },
  {
    channel: 'social',
    source: 'xiaohongshu',
    medium: 'paid_social',
    clickId: 'xhs_click',
    campaign: 'slow-living',
    usualSpend: 34,
    carryOver: 0.5,
    halfSpend: 75,
    newMost: 1.5,
    returnMost: 0.14,
    costPerClick: 1.9,
  },
  {
    channel: 'short_video',
    source: 'douyin',
    medium: 'video',
    clickId: 'clickid',
    campaign: 'studio-stories',
    usualSpend: 30,
    carryOver: 0.6,
    halfSpend: 110,
    newMost: 1.9,
    returnMost: 0.1,
    costPerClick: 1.1,
  },
  {
    channel: 'display',
    source: 'wechat',
    medium: 'display',
    clickId: 'gdt_vid',
    campaign: 'remind-me',
    usualSpend: 14,
    carryOver: 0.35,
    halfSpend: 40,
    newMost: 0.3,
    returnMost: 0.14,
    costPerClick: 0.8,
  },
];

export type SpendRow = {
  readonly day: string;
  readonly media_channel: MediaChannel;
  readonly campaign: string;
  readonly spend: number;
  readonly currency: 'CNY';
  readonly impressions: number;
  readonly clicks: number;
};

export type MediaPlan = {
  readonly spend: readonly SpendRow[];
  /** newLift[channel][day]: first visits from this channel, relative to organic = 1. */
  readonly newLift: readonly Float64Array[];
  readonly returnLift: readonly Float64Array[];
};

/** Effect of `stock` money: `most × stock / (stock + half)`. */
export function saturate(stock: number, half: number, most: number): number {
  return (most * stock) / (stock + half);
}

/** Spend of every day and what it does: `stock(t) = spend(t) + carryOver × stock(t-1)`. */
export function planMedia(seed: number, startDay: number, days: number, people: number): MediaPlan {
  const spend: SpendRow[] = [];
  const newLift = mediaTruth.map(() => new Float64Array(days));
  const returnLift = mediaTruth.map(() => new Float64Array(days));
  for (const [index, truth] of mediaTruth.entries()) {
    const random = new Random();
    let stock = truth.usualSpend / (1 - truth.carryOver);
    for (let offset = 0; offset < days; offset++) {
      const day = startDay + offset;
      random.reset(streamKey(seed, 'media'), index, day);
      const level = truth.usualSpend * spendLevel(day, index, random);
      stock = level + truth.carryOver * stock;
      newLift[index]![offset] = saturate(stock * (1 - truth.carryOver), truth.halfSpend, truth.newMost);
      returnLift[index]![offset] = saturate(stock * (1 - truth.carryOver), truth.halfSpend, truth.returnMost);
      spend.push(toRow(truth, day, level * (people / 1_000), random));
    }
  }
  return { spend: spend.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0)), newLift, returnLift };
}

/** Weeks on and off (so that effects can be told apart), weekends, sales, and a little noise. */
function spendLevel(day: number, channel: number, random: Random): number {
  const week = Math.floor(day / 7);
  const { month } = civilDate(day);
  const pulse = [1, 0.55, 1.5, 0.25, 1.2, 0.8][(week * (channel + 2) + channel * 5 + (month % 3)) % 6] as number;
  const weekend = weekdayOf(day) % 6 === 0 ? 1.25 : 1;
  const promotion = findPromotion(day);
  return pulse * weekend * (promotion ? Math.min(2.2, promotion.traffic) : 1) * Math.exp(0.2 * random.normal() - 0.02);
}

function toRow(truth: MediaTruth, day: number, spend: number, random: Random): SpendRow {
  const clicks = random.poisson(spend / truth.costPerClick);
  const clickRate = { search: 0.045, social: 0.018, short_video: 0.011, display: 0.004 }[truth.channel];
  return {
    day: formatDay(day),
    media_channel: truth.channel,
    campaign: truth.campaign,
    spend: Math.round(spend * 100) / 100,
    currency: 'CNY',
    impressions: Math.round((clicks / clickRate) * random.between(0.9, 1.1)),
    clicks,
  };
}
