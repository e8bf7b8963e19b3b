import type { RepairRule } from '@zhiyin/contract';
import type { Workspace } from '../domain/workspace.ts';

export type PropertyPolicy = {
  /** `properties.email`, `traits.phone`. */
  readonly property: string;
  readonly class: string;
  readonly action: 'keep' | 'mask' | 'vault' | 'remove';
};

/** All that cleaning depends on besides the record. Plain data: kept with a claimed chunk, so that a repeat is the same. */
export type CleanSettings = {
  readonly workspace: Pick<Workspace, 'timeZone' | 'currency' | 'settings'>;
  readonly rules: readonly RepairRule[];
  readonly policies: readonly PropertyPolicy[];
};

export type CompiledSettings = CleanSettings & {
  readonly policyOf: ReadonlyMap<string, PropertyPolicy>;
  readonly blocked: ReadonlySet<string>;
  /** Rules for everything that arrives, and rules for what was refused for a reason. */
  readonly rulesAlways: readonly RepairRule[];
  readonly rulesOnRefusal: readonly RepairRule[];
};

const compiled = new WeakMap<CleanSettings, CompiledSettings>();

/** Lookups made once per settings object. */
export function compileSettings(settings: CleanSettings): CompiledSettings {
  const known = compiled.get(settings);
  if (known) return known;
  const enabled = settings.rules.filter((rule) => rule.enabled);
  const made: CompiledSettings = {
    ...settings,
    policyOf: new Map(settings.policies.map((policy) => [policy.property, policy])),
    blocked: new Set([
      ...blockedIdentifiers,
      ...(settings.workspace.settings.blockedIdentifiers ?? []).map((value) => value.trim().toLowerCase()),
    ]),
    rulesAlways: enabled.filter((rule) => !rule.matches.reason),
    rulesOnRefusal: enabled.filter((rule) => rule.matches.reason),
  };
  compiled.set(settings, made);
  return made;
}

/** What senders write when they do not know who it is. Compared trimmed and in lower case. */
const blockedIdentifiers: readonly string[] = [
  '',
  'null',
  '(null)',
  '<null>',
  'nil',
  'none',
  'undefined',
  'nan',
  'n/a',
  'na',
  '-',
  '--',
  '-1',
  '0',
  '00000000',
  'false',
  'true',
  'guest',
  'guestuser',
  'guest_user',
  'anonymous',
  'anonymoususer',
  'anon',
  'unknown',
  'unidentified',
  'visitor',
  'user',
  'userid',
  'user_id',
  'test',
  'default',
  '[object object]',
  '{}',
  '[]',
  '""',
  "''",
  '00000000-0000-0000-0000-000000000000',
  '00000000000000000000000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '未登录',
  '未登陆',
  '未知',
  '匿名',
  '匿名用户',
  '游客',
  '访客',
  '无',
  '空',
];

/** The same for those who ask about one value. */
export const blockedValues: ReadonlySet<string> = new Set(blockedIdentifiers);
