import { said } from '@zhiyin/contract';
import { currencyExponents } from '../domain/currencies.ts';
import type { JsonObject } from '../domain/events.ts';
import type { CompiledSettings } from './clean-settings.ts';
import { type Arrival, quarantine, type Refusal } from './draft.ts';
import { describe, own } from './json.ts';
import { findCurrency } from './money/currencies.ts';
import { parseDecimal, roundTo } from './money/decimal.ts';
import { parseAmountText } from './money/parse-amount-text.ts';

export type SpendDraft = {
  readonly day: string;
  readonly mediaChannel: string;
  readonly campaign: string;
  readonly spendMinor: number;
  readonly currency: string;
  readonly impressions: number;
  readonly clicks: number;
  readonly repairs: readonly string[];
};

/** What was spent on one media channel and campaign on one day: `{day, mediaChannel, campaign, spend, currency, impressions, clicks}`. */
export function cleanSpend(
  raw: JsonObject,
  _arrival: Arrival,
  settings: CompiledSettings,
): { kind: 'spend'; spend: SpendDraft } | Refusal {
  const day = readText(raw, 'day').replaceAll('/', '-');
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || new Date(`${day}T00:00:00Z`).toJSON()?.slice(0, 10) !== day) {
    return quarantine('bad_timestamp', 'day', said('not_day'));
  }
  const mediaChannel = readText(raw, 'mediaChannel') || readText(raw, 'media_channel');
  if (mediaChannel === '') return quarantine('missing_property', 'mediaChannel', said('spend_channel'));
  const statedCurrency = readText(raw, 'currency');
  const ownCurrency = settings.workspace.currency;
  const currency = statedCurrency === '' ? ownCurrency : findCurrency(statedCurrency, ownCurrency);
  if (!currency) return quarantine('bad_currency', 'currency', said('not_currency'));
  const spendMinor = readSpend(raw, currency, ownCurrency);
  if (spendMinor === undefined) {
    return quarantine('bad_amount', 'spend', said('spend_amount', { got: describe(own(raw, 'spend')) }));
  }
  const [impressions, clicks] = [readCount(raw, 'impressions'), readCount(raw, 'clicks')];
  if (impressions === undefined) return quarantine('bad_type', 'impressions', said('not_whole_number'));
  if (clicks === undefined) return quarantine('bad_type', 'clicks', said('not_whole_number'));
  const repairs = statedCurrency !== currency ? ['currency'] : [];
  const campaign = readText(raw, 'campaign');
  return { kind: 'spend', spend: { day, mediaChannel, campaign, spendMinor, currency, impressions, clicks, repairs } };
}

function readText(raw: JsonObject, name: string): string {
  const value = own(raw, name);
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
}

function readSpend(raw: JsonObject, currency: string, ownCurrency: string): number | undefined {
  const minor = own(raw, 'spendMinor');
  if (typeof minor === 'number') return Number.isSafeInteger(minor) && minor >= 0 ? minor : undefined;
  const amount = parseAmountText(readText(raw, 'spend'), ownCurrency);
  const decimal = amount && parseDecimal(amount.number);
  if (!decimal || decimal.units < 0n) return undefined;
  const rounded = Number(roundTo(decimal, currencyExponents.get(currency)!));
  return Number.isSafeInteger(rounded) ? rounded : undefined;
}

function readCount(raw: JsonObject, name: string): number | undefined {
  const text = readText(raw, name);
  if (text === '') return 0;
  const count = Number(text.replaceAll(',', ''));
  return Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}
