import type { Locale } from '@zhiyin/contract';
import type { RiseChoice } from '../theme/theme-context.ts';

interface TrendInput {
  change: number;
  lessIsBetter?: boolean;
  convention: RiseChoice;
  locale: Locale;
}

/**
 * Colour of a change. Green-is-good reads a rise by whether it is welcome. Red-is-up, the custom of Chinese markets,
 * colours the direction alone: a rise is red even when it is unwelcome, as on every board the reader knows.
 */
export function trendTone({
  change,
  lessIsBetter = false,
  convention,
  locale,
}: TrendInput): 'jade' | 'cinnabar' | 'flat' {
  if (change === 0) return 'flat';
  const redIsUp = convention === 'red' || (convention === 'locale' && locale === 'zh-CN');
  if (redIsUp) return change > 0 ? 'cinnabar' : 'jade';
  return change > 0 !== lessIsBetter ? 'jade' : 'cinnabar';
}
