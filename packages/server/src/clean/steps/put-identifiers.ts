import { said } from '@zhiyin/contract';
import type { Json, JsonObject } from '../../domain/events.ts';
import { type IdentityKind, identityKinds } from '../../domain/identity.ts';
import type { CompiledSettings } from '../clean-settings.ts';
import { type Draft, type Identifier, quarantine, type StepResult } from '../draft.ts';
import { describe, isObject, own, ownObject } from '../json.ts';

const valueCharactersMax = 512;
const emailShape = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

type Candidate = { readonly kind: IdentityKind; readonly field: string; readonly value: Json | undefined };

/**
 * Who it was: every identifier the call names, strongest first. Values that mean "nobody" are left out; a call with nothing else
 * is refused, because an event of nobody would make everybody one person.
 */
export function putIdentifiers(draft: Draft, settings: CompiledSettings): StepResult {
  const found: Identifier[] = [];
  const { repairs } = draft;
  let blocked: Candidate | undefined;
  for (const candidate of candidatesOf(draft)) {
    if (candidate.value === undefined || candidate.value === null) continue;
    const text = readText(candidate.value);
    if (text === undefined) {
      if (candidate.field === 'userId' || candidate.field === 'anonymousId') {
        return quarantine('bad_type', candidate.field, said('not_text_or_number', { got: describe(candidate.value) }));
      }
      continue;
    }
    if (text.length > valueCharactersMax) {
      return quarantine('too_large', candidate.field, said('too_long', { most: valueCharactersMax, got: text.length }));
    }
    if (isNobody(text, settings)) {
      if (text !== '' || candidate.field === 'userId') blocked ??= candidate;
      if (text !== '') repairs.push(`blocked:${candidate.kind}`);
      continue;
    }
    if (candidate.kind === 'email' && !emailShape.test(text.normalize('NFKC'))) continue;
    if (candidate.kind === 'phone' && text.normalize('NFKC').replace(/\D/g, '').length < 7) continue;
    if (typeof candidate.value === 'number' && candidate.field === 'userId') repairs.push('type:userId');
    if (!found.some(({ kind, value }) => kind === candidate.kind && value === text)) {
      found.push({ kind: candidate.kind, value: text });
    }
  }
  if (found.length === 0) {
    return blocked
      ? quarantine('blocked_identity', blocked.field, said('means_nobody'))
      : quarantine('missing_identity', 'userId', said('needs_identity'));
  }
  draft.identifiers = found.sort((a, b) => identityKinds.indexOf(a.kind) - identityKinds.indexOf(b.kind));
  return undefined;
}

function candidatesOf(draft: Draft): Candidate[] {
  const { call, traits, context, properties } = draft;
  const device = ownObject(context, 'device');
  const candidates: Candidate[] = [
    { kind: 'user_id', field: 'userId', value: own(call, 'userId') },
    { kind: 'anonymous_id', field: 'anonymousId', value: own(call, 'anonymousId') },
    { kind: 'device_id', field: 'context.device.id', value: device && own(device, 'id') },
  ];
  addNamed(candidates, 'traits', traits, traitNames);
  addNamed(candidates, 'properties', properties, weChatNames);
  const externalIds = own(context, 'externalIds');
  if (externalIds !== undefined) candidates.push(...fromExternalIds(externalIds));
  if (draft.type === 'alias') candidates.push(aliasedFrom(own(call, 'previousId')));
  return candidates;
}

const weChatNames: readonly (readonly [name: string, kind: IdentityKind])[] = [
  ['openid', 'openid'],
  ['openId', 'openid'],
  ['open_id', 'openid'],
  ['unionid', 'unionid'],
  ['unionId', 'unionid'],
  ['union_id', 'unionid'],
];
/** E-mail and phone identify only as facts about the person: in an event's properties they may be a friend's. */
const traitNames: typeof weChatNames = [
  ...weChatNames,
  ['email', 'email'],
  ['邮箱', 'email'],
  ['phone', 'phone'],
  ['mobile', 'phone'],
  ['phoneNumber', 'phone'],
  ['phone_number', 'phone'],
  ['手机', 'phone'],
  ['手机号', 'phone'],
];

function addNamed(candidates: Candidate[], place: string, object: JsonObject, names: typeof weChatNames): void {
  for (const [name, kind] of names) {
    const value = own(object, name);
    // Only plain values: what else stands under such a name is no identifier.
    if (typeof value !== 'string' && typeof value !== 'number') continue;
    candidates.push({ kind, field: `${place}.${name}`, value });
  }
}

const externalTypes: ReadonlyMap<string, IdentityKind> = new Map([
  ['user_id', 'user_id'],
  ['openid', 'openid'],
  ['open_id', 'openid'],
  ['wechat_openid', 'openid'],
  ['unionid', 'unionid'],
  ['union_id', 'unionid'],
  ['wechat_unionid', 'unionid'],
  ['email', 'email'],
  ['phone', 'phone'],
  ['anonymous_id', 'anonymous_id'],
  ['device_id', 'device_id'],
  ['ios.id', 'device_id'],
  ['android.id', 'device_id'],
  ['ios.idfa', 'device_id'],
  ['android.idfa', 'device_id'],
]);

/** `context.externalIds: [{ id, type }]`, as Segment has it. */
function fromExternalIds(list: Json | undefined): Candidate[] {
  if (!Array.isArray(list)) return [];
  return list.slice(0, 20).flatMap((entry, i) => {
    if (!isObject(entry)) return [];
    const type = own(entry, 'type');
    const kind = typeof type === 'string' ? externalTypes.get(type.toLowerCase()) : undefined;
    const value = own(entry, 'id');
    if (!kind || (typeof value !== 'string' && typeof value !== 'number')) return [];
    return [{ kind, field: `context.externalIds[${i}].id`, value }];
  });
}

/** What an alias call joins: usually the anonymous id from before sign-in, sometimes an e-mail address. */
function aliasedFrom(value: Json | undefined): Candidate {
  const isEmail = typeof value === 'string' && emailShape.test(value);
  return { kind: isEmail ? 'email' : 'anonymous_id', field: 'previousId', value };
}

function readText(value: Json): string | undefined {
  if (typeof value === 'string') return value.trim();
  return typeof value === 'number' ? String(value) : undefined;
}

function isNobody(text: string, settings: CompiledSettings): boolean {
  const lower = text.toLowerCase();
  return settings.blocked.has(lower) || /^[0\-_.:{}]+$/.test(lower);
}
