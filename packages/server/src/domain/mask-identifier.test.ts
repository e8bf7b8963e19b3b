import { describe, expect, it } from 'vitest';
import { maskIdentifier } from './mask-identifier.ts';

describe('masking', () => {
  it('keeps the first letter of an e-mail and its top-level domain', () => {
    expect(maskIdentifier('email', 'lin@example.com')).toBe('l•••@e•••.com');
  });
  it('keeps the ends of a phone number', () => {
    expect(maskIdentifier('phone', '+8613800138000')).toBe('+86••••00');
  });
  it('keeps the first character of a name in any script', () => {
    expect(maskIdentifier('name', '王小明')).toBe('王••');
    expect(maskIdentifier('name', '𠮷田')).toBe('𠮷••');
  });
  it('shows nothing of a very short identifier', () => {
    expect(maskIdentifier('user_id', 'ab1')).toBe('•••');
  });
});
