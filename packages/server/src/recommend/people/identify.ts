import type { RecommendPerson } from '@zhiyin/contract';
import { blockedValues } from '../../clean/clean-settings.ts';
import type { IdentityKind } from '../../domain/identity.ts';
import { asIdentityId, type IdentityId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { WorkspaceVault } from '../../storage/vault/vault.ts';

/** Strongest first, as cleaning names an event's person. */
const kinds: readonly (readonly [field: keyof RecommendPerson, kind: IdentityKind])[] = [
  ['userId', 'user_id'],
  ['unionid', 'unionid'],
  ['openid', 'openid'],
  ['email', 'email'],
  ['phone', 'phone'],
  ['deviceId', 'device_id'],
  ['anonymousId', 'anonymous_id'],
];

/** The identities a request names. What means "nobody" (guest, null, 0 …) names no one: those people have nothing in common. */
export function identify(
  person: RecommendPerson | undefined,
  workspace: Workspace,
  vault: WorkspaceVault,
): IdentityId[] {
  if (!person) return [];
  const found = person.profileId === undefined ? [] : [asIdentityId(person.profileId)];
  for (const [field, kind] of kinds) {
    const value = person[field];
    if (value === undefined) continue;
    const text = String(value).trim();
    if (text !== '' && !isNobody(text, workspace)) found.push(vault.surrogate(kind, text));
  }
  return found;
}

function isNobody(text: string, workspace: Workspace): boolean {
  const lower = text.toLowerCase();
  const own = workspace.settings.blockedIdentifiers;
  return (
    blockedValues.has(lower) ||
    /^[0\-_.:{}]+$/.test(lower) ||
    (own?.some((value) => value.trim().toLowerCase() === lower) ?? false)
  );
}
