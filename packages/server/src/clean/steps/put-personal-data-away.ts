import type { Json, JsonObject } from '../../domain/events.ts';
import type { CompiledSettings } from '../clean-settings.ts';
import type { Draft, ObservedProperty, PersonalValue, StepResult } from '../draft.ts';
import { isObject, own, valueTypeOf } from '../json.ts';
import { classifyName, isIdLike, type PersonalClass, vaultFieldOf } from '../personal/classify-name.ts';
import { classifyValue } from '../personal/classify-value.ts';
import { maskEmails, maskText, mayHoldPersonalData } from '../personal/mask-text.ts';
import { truncateIp } from '../personal/truncate-ip.ts';

const nestingMax = 6;
const observedMax = 60;

type Collected = { readonly personal: PersonalValue[]; readonly observed: ObservedProperty[]; masked: boolean };

/**
 * Direct identifiers leave the event: they are classified by name and by content and go to the vault, leaving a surrogate or
 * nothing. What the workspace decided for a property comes first. Free text keeps its words but not the addresses in it.
 */
export function putPersonalDataAway(draft: Draft, settings: CompiledSettings): StepResult {
  const collected: Collected = { personal: draft.personal, observed: [], masked: false };
  draft.traits = cleanTop(liftAddress(draft.traits), 'traits', settings, collected);
  draft.properties = cleanTop(draft.properties, 'properties', settings, collected);
  draft.observed = collected.observed;
  if (collected.masked) draft.repairs.push('masked');
  return undefined;
}

/** City, province and country of an address are facts worth keeping; street and house number are not for everyone. */
function liftAddress(traits: JsonObject): JsonObject {
  const address = own(traits, 'address');
  if (!isObject(address)) return traits;
  const lifted: JsonObject = { ...traits };
  for (const [part, name] of [
    ['city', 'city'],
    ['state', 'province'],
    ['province', 'province'],
    ['country', 'country'],
  ] as const) {
    const value = own(address, part);
    if (typeof value === 'string' && value !== '' && own(lifted, name) === undefined) lifted[name] = value;
  }
  return lifted;
}

function cleanTop(
  object: JsonObject,
  place: 'traits' | 'properties',
  settings: CompiledSettings,
  collected: Collected,
): JsonObject {
  const cleaned: JsonObject = {};
  const hasPolicies = settings.policyOf.size > 0;
  for (const key of Object.keys(object)) {
    const value = object[key]!;
    const policy = hasPolicies ? settings.policyOf.get(`${place}.${key}`) : undefined;
    const found = (policy?.class as PersonalClass | undefined) ?? classOf(key, value, place === 'traits');
    if (collected.observed.length < observedMax) {
      collected.observed.push(observedProperty(place, key, found, valueTypeOf(value)));
    }
    const action = policy?.action ?? (found === 'none' ? 'keep' : found === 'ip_address' ? 'mask' : 'vault');
    if (action === 'keep' && !policy) {
      cleaned[key] = cleanNested(value, key, hasPolicies ? `${place}.${key}` : '', settings, collected, 1);
      continue;
    }
    const left = act(action, found, { key, value, place }, collected);
    if (left !== undefined) cleaned[key] = left;
  }
  return cleaned;
}

const observedBefore = { traits: new Map<string, ObservedProperty>(), properties: new Map<string, ObservedProperty>() };
const observedBeforeMax = 20_000;

/** Nearly always the same as in the event before: then it is that one. */
function observedProperty(
  place: 'traits' | 'properties',
  key: string,
  found: PersonalClass,
  valueType: string,
): ObservedProperty {
  const before = observedBefore[place].get(key);
  if (before && before.class === found && before.valueType === valueType) return before;
  const seen: ObservedProperty = { property: `${place}.${key}`, class: found, valueType };
  if (observedBefore[place].size >= observedBeforeMax) observedBefore[place].clear();
  observedBefore[place].set(key, seen);
  return seen;
}

function classOf(key: string, value: Json, isTrait: boolean): PersonalClass {
  if (value === null || typeof value === 'boolean') return 'none';
  const byName = classifyName(key, isTrait);
  return byName === 'none' ? classifyValue(value, key) : byName;
}

function act(
  action: 'keep' | 'mask' | 'vault' | 'remove',
  found: PersonalClass,
  at: { key: string; value: Json; place: 'traits' | 'properties' },
  collected: Collected,
): Json | undefined {
  const { key, value, place } = at;
  if (action === 'remove') return undefined;
  // The operator decided: it stays as it is.
  if (action === 'keep') return value;
  if (action === 'mask') return maskWhole(value, found);
  if (value === null || value === '') return value;
  if (place === 'traits') {
    collected.personal.push({ field: vaultFieldOf(key, found), value });
    return undefined;
  }
  const leaves =
    (found === 'email' || found === 'phone') && (typeof value === 'string' || typeof value === 'number')
      ? { property: key, kind: found }
      : undefined;
  collected.personal.push({ field: `properties.${key}`, value, leaves });
  return undefined;
}

/** Inside lists and objects nothing is worth a place of its own in the vault: what is personal is masked where it stands. */
function cleanNested(
  value: Json,
  key: string,
  path: string,
  settings: CompiledSettings,
  collected: Collected,
  depth: number,
): Json {
  if (typeof value === 'string') return mayHoldPersonalData(value) ? cleanText(value, key, settings, collected) : value;
  if (typeof value !== 'object' || value === null || depth > nestingMax) {
    return depth > nestingMax && typeof value === 'object' && value !== null ? maskDeep(value, collected) : value;
  }
  if (Array.isArray(value)) {
    return value.map((element) => cleanNested(element, key, path, settings, collected, depth + 1));
  }
  const cleaned: JsonObject = {};
  const hasPolicies = settings.policyOf.size > 0;
  for (const inner of Object.keys(value)) {
    const item = value[inner]!;
    const innerPath = hasPolicies ? `${path}.${inner}` : '';
    const policy = hasPolicies ? settings.policyOf.get(innerPath) : undefined;
    const found = (policy?.class as PersonalClass | undefined) ?? classOf(inner, item, false);
    const action = policy?.action ?? (found === 'none' ? 'keep' : 'mask');
    if (action === 'remove') continue;
    if (action === 'keep') {
      cleaned[inner] = policy ? item : cleanNested(item, inner, innerPath, settings, collected, depth + 1);
    } else {
      if (item !== null && item !== '') collected.masked = true;
      cleaned[inner] = maskWhole(item, found);
    }
  }
  return cleaned;
}

/** Deeper than anybody looks: as text, masked. */
function maskDeep(value: Json, collected: Collected): Json {
  const text = JSON.stringify(value);
  const masked = maskText(text);
  if (masked !== text) collected.masked = true;
  return masked;
}

/** Page addresses and values of id-like properties hold long numbers by nature: only e-mail addresses are looked for there. */
function cleanText(text: string, key: string, settings: CompiledSettings, collected: Collected): string {
  const numbersStay = isIdLike(key) || text.startsWith('http') || text.startsWith('/') || text.startsWith('?');
  const masked = numbersStay ? maskEmails(text) : settings.workspace.settings.maskFreeText ? maskText(text) : text;
  if (masked !== text) collected.masked = true;
  return masked;
}

const marks: Readonly<Record<PersonalClass, string>> = {
  none: '[removed]',
  custom: '[removed]',
  email: '[email]',
  phone: '[phone]',
  name: '[name]',
  address: '[address]',
  chinese_id: '[id]',
  bank_card: '[card]',
  birthday: '[birthday]',
  ip_address: '[ip]',
};

function maskWhole(value: Json, found: PersonalClass): Json {
  if (value === null || value === '') return value;
  if (found === 'ip_address' && typeof value === 'string') return truncateIp(value) ?? marks.ip_address;
  return marks[found] ?? '[removed]';
}
