import { describe, expect, it } from 'vitest';
import { readSourceState } from './source-state.ts';

const now = new Date('2026-11-22T12:00:00Z');
const none = { valid: 0, duplicate: 0, quarantined: 0, lastReceivedAt: null };
const source = { disabledAt: null, createdAt: '2026-11-22T11:00:00Z', recent: none };

describe('how a source is doing', () => {
  it('waits while it is new and nothing came', () => {
    expect(readSourceState(source, now)).toBe('waiting');
  });
  it('is quiet when it is old and sent nothing lately', () => {
    expect(readSourceState({ ...source, createdAt: '2026-01-01T00:00:00Z' }, now)).toBe('quiet');
  });
  it('receives when something valid came', () => {
    expect(readSourceState({ ...source, recent: { ...none, valid: 9, quarantined: 1 } }, now)).toBe('receiving');
  });
  it('is troubled when more than a fifth was held back', () => {
    expect(readSourceState({ ...source, recent: { ...none, valid: 3, quarantined: 1 } }, now)).toBe('troubled');
  });
  it('is disabled whatever came before', () => {
    const recent = { ...none, valid: 9 };
    expect(readSourceState({ ...source, disabledAt: '2026-11-22T11:30:00Z', recent }, now)).toBe('disabled');
  });
});
