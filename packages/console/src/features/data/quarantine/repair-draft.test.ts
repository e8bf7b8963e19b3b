import { describe, expect, it } from 'vitest';
import { newDraft, parseDraft, suggestDraft } from './repair-draft.ts';

describe('a mending step being written', () => {
  it('is a step once it is complete', () => {
    expect(parseDraft(newDraft({ do: 'set', path: ' properties.currency ', value: 'CNY' }))).toEqual({
      do: 'set',
      path: 'properties.currency',
      value: 'CNY',
    });
    expect(parseDraft(newDraft({ do: 'convert', path: 'timestamp', to: 'instant' }))).toEqual({
      do: 'convert',
      path: 'timestamp',
      to: 'instant',
    });
    expect(parseDraft(newDraft({ do: 'remove', path: 'a' }))).toEqual({ do: 'remove', path: 'a' });
  });
  it('is none while something is missing', () => {
    expect(parseDraft(newDraft({ do: 'set', path: '' }))).toBeNull();
    expect(parseDraft(newDraft({ do: 'rename', path: 'a', to: ' ' }))).toBeNull();
    expect(parseDraft(newDraft({ do: 'replace', path: 'a', find: '' }))).toBeNull();
    expect(parseDraft(newDraft({ do: 'convert', path: 'a', to: 'colour' }))).toBeNull();
  });
  it('keeps the type of a value', () => {
    expect(parseDraft(newDraft({ path: 'n', value: '1.5', valueType: 'number' }))).toMatchObject({ value: 1.5 });
    expect(parseDraft(newDraft({ path: 'n', value: 'x', valueType: 'number' }))).toBeNull();
    expect(parseDraft(newDraft({ path: 'n', value: '', valueType: 'number' }))).toBeNull();
    expect(parseDraft(newDraft({ path: 'n', value: 'false', valueType: 'boolean' }))).toMatchObject({ value: false });
    expect(parseDraft(newDraft({ path: 'n', valueType: 'null' }))).toMatchObject({ value: null });
  });
  it('begins at the field at fault', () => {
    expect(suggestDraft('bad_timestamp', 'originalTimestamp')).toMatchObject({
      do: 'convert',
      path: 'originalTimestamp',
      to: 'instant',
    });
    expect(suggestDraft('bad_type', 'properties.products[0].price')).toMatchObject({
      path: 'properties.products.price',
    });
    expect(suggestDraft('bad_currency', '')).toMatchObject({ path: 'properties.currency' });
    expect(suggestDraft(undefined, '')).toMatchObject({ do: 'set' });
  });
});
