import type { MessageChannel, Person } from '../people/build-people.ts';
import { sigmoid } from './choose.ts';

/** Messages tire with a half-life of six days. */
export const fatigueHalfLifeDays = 6;

export type MessageContext = {
  readonly channel: MessageChannel;
  /** Index of the category the message is about; -1 for the brand as a whole. */
  readonly topic: number;
  readonly discount: number;
  /** Messages still felt: each adds 1 when it comes and fades with the half-life. */
  readonly fatigue: number;
  readonly hasLeft: boolean;
};

export type MessageChances = { readonly open: number; readonly click: number; readonly unsubscribe: number };

/**
 * open = σ(channel + 0.45 × pull of the topic + 1.2 × discount × sensitivity − 0.4 × fatigability × fatigue − 1.6 if gone)
 * click, of those who opened = σ(channel + 0.5 × pull + 2.5 × discount × sensitivity − 0.15 × fatigability × fatigue)
 */
export function computeMessageChances(person: Person, context: MessageContext): MessageChances {
  const response = person.channels[context.channel];
  const pull = context.topic >= 0 ? (person.categoryPull[context.topic] as number) : 0.4;
  const tired = person.fatigability * context.fatigue;
  const bargain = context.discount * person.priceSensitivity;
  return {
    open: sigmoid(response.openLogit + 0.45 * pull + 1.2 * bargain - 0.4 * tired - (context.hasLeft ? 1.6 : 0)),
    click: sigmoid(response.clickLogit + 0.5 * pull + 2.5 * bargain - 0.15 * tired),
    unsubscribe: Math.min(0.25, 0.0012 * Math.exp(0.55 * tired)),
  };
}

export function fadeFatigue(fatigue: number, elapsedDays: number): number {
  return fatigue * 0.5 ** (elapsedDays / fatigueHalfLifeDays);
}
