import { describe, expect, it } from 'vitest';
import { asIdentityId, asProfileId, asSourceId } from '../domain/ids.ts';
import type { RememberedIdentity, RememberedValue } from '../storage/vault/vault.ts';
import { nameOf } from './display-name.ts';

const profileId = asProfileId('20266');
const at = new Date('2026-01-01T00:00:00Z');
const identifier = (kind: RememberedIdentity['kind'], value: string): RememberedIdentity => ({
  identityId: asIdentityId('1'),
  kind,
  value,
  firstSeenAt: at,
});
const value = (field: string, text: string): RememberedValue => ({
  identityId: asIdentityId('1'),
  field,
  value: text,
  occurredAt: at,
  sourceId: asSourceId(1),
});
const english = { reveal: true, locale: 'en' } as const;

describe('what a person is called', () => {
  it('is the name where there is one', () => {
    expect(
      nameOf(profileId, [identifier('email', 'a@b.example')], [value('name', '王小明')], english).displayName,
    ).toBe('王小明');
  });
  it('puts a Chinese family name first and an English one last', () => {
    expect(nameOf(profileId, [], [value('first_name', '小明'), value('last_name', '王')], english).displayName).toBe(
      '王小明',
    );
    expect(nameOf(profileId, [], [value('first_name', 'Ada'), value('last_name', 'Byron')], english).displayName).toBe(
      'Ada Byron',
    );
  });
  it('is the e-mail, then the strongest identifier', () => {
    expect(
      nameOf(profileId, [identifier('user_id', 'u-77'), identifier('email', 'a@b.example')], [], english).displayName,
    ).toBe('a@b.example');
    expect(
      nameOf(profileId, [identifier('anonymous_id', 'x'), identifier('user_id', 'u-77')], [], english).displayName,
    ).toBe('u-77');
  });
  it('is a numbered visitor for somebody unknown', () => {
    expect(nameOf(profileId, [identifier('anonymous_id', 'x')], [], { reveal: true, locale: 'zh-CN' })).toEqual({
      displayName: '访客 4f2a',
      isKnown: false,
    });
  });
  it('is masked without the right to see it', () => {
    expect(nameOf(profileId, [], [value('name', '王小明')], { reveal: false, locale: 'en' }).displayName).toBe('王••');
  });
});
