import type { Source } from '@zhiyin/contract';

export type SourceState = 'waiting' | 'receiving' | 'quiet' | 'troubled' | 'disabled';

/** More than one record in five held back: something in what this source sends is wrong. */
const troubledShare = 0.2;

/** How a source is doing, from what it sent in the last 24 hours. */
export function readSourceState(source: Pick<Source, 'disabledAt' | 'recent' | 'createdAt'>, now: Date): SourceState {
  const { valid, duplicate, quarantined, lastReceivedAt } = source.recent;
  if (source.disabledAt !== null) return 'disabled';
  const all = valid + duplicate + quarantined;
  if (all === 0 && lastReceivedAt === null) {
    const ageMs = now.getTime() - Date.parse(source.createdAt);
    // An older source may well have sent before: it is quiet, not new.
    return ageMs < 2 * 86_400_000 ? 'waiting' : 'quiet';
  }
  if (all > 0 && quarantined / all > troubledShare) return 'troubled';
  return all === 0 ? 'quiet' : 'receiving';
}
