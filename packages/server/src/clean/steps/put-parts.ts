import { said } from '@zhiyin/contract';
import type { Json, JsonObject } from '../../domain/events.ts';
import { type Draft, quarantine, type Refusal, type StepResult } from '../draft.ts';
import { describe, isObject, own } from '../json.ts';

/** Message id, properties, traits and context, each an object; JSON sent as text is unpacked. */
export function putParts(draft: Draft): StepResult {
  const properties = readObject(draft.call, 'properties', draft.repairs);
  if (properties instanceof NotAnObject) return properties.refusal;
  const traits = readObject(draft.call, 'traits', draft.repairs);
  if (traits instanceof NotAnObject) return traits.refusal;
  const context = readObject(draft.call, 'context', draft.repairs);
  if (context instanceof NotAnObject) return context.refusal;
  const messageId = own(draft.call, 'messageId');
  const hasMessageId = (typeof messageId === 'string' && messageId.trim() !== '') || typeof messageId === 'number';
  draft.messageId = hasMessageId ? String(messageId).trim() : draft.arrival.fallbackMessageId;
  draft.properties = withNamesOfCall(draft, properties, traits);
  draft.traits = readTraits(draft, traits, context);
  draft.context = context;
  return undefined;
}

/** Told apart from an object by its class: a sender's object may have any fields. */
class NotAnObject {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    this.refusal = refusal;
  }
}

function readObject(call: JsonObject, key: string, repairs: string[]): JsonObject | NotAnObject {
  const value = own(call, key);
  if (value === undefined || value === null || value === '') return {};
  if (isObject(value)) return value;
  if (typeof value === 'string') {
    const unpacked = tryParse(value);
    if (isObject(unpacked)) {
      repairs.push(`type:${key}`);
      return unpacked;
    }
  }
  return new NotAnObject(quarantine('bad_type', key, said('not_object', { got: describe(value) })));
}

function tryParse(text: string): Json | undefined {
  try {
    return text.trimStart().startsWith('{') ? (JSON.parse(text) as Json) : undefined;
  } catch {
    return undefined;
  }
}

/** `page("Docs", "Home")` and `group("acme")` say a part of what happened outside of the properties. */
function withNamesOfCall(draft: Draft, properties: JsonObject, traits: JsonObject): JsonObject {
  if (draft.type === 'track') return properties;
  const added: JsonObject = {};
  if (draft.type === 'page' || draft.type === 'screen') {
    for (const key of ['name', 'category'] as const) {
      const value = own(draft.call, key);
      if (typeof value === 'string' && value !== '' && own(properties, key) === undefined) added[key] = value;
    }
  }
  if (draft.type === 'group') {
    const groupId = own(draft.call, 'groupId');
    if (typeof groupId === 'string' || typeof groupId === 'number') added.group_id = String(groupId);
    // With the event, so that what was said of one group is not taken for another's that the same person is in.
    if (Object.keys(traits).length > 0 && own(properties, 'traits') === undefined) added.traits = traits;
  }
  for (const _ in added) return { ...properties, ...added };
  return properties;
}

/**
 * Facts about the person: of an identify call, or sent along in the context. A group's own traits are marked as the group's. What a
 * person agreed to at that moment is a fact of every call.
 */
function readTraits(draft: Draft, traits: JsonObject, context: JsonObject): JsonObject {
  const along = own(context, 'traits');
  const alongTraits = isObject(along) ? along : {};
  const withConsent = { ...alongTraits, ...readConsent(context) };
  if (draft.type === 'identify') return { ...withConsent, ...traits };
  if (draft.type !== 'group') return withConsent;
  const ofGroup = Object.fromEntries(Object.entries(traits).map(([name, value]) => [`group_${name}`, value]));
  return { ...withConsent, ...ofGroup };
}

const purposesMax = 20;

/**
 * `context.consent`: `{ personalisation: false }`, or Segment's `{ categoryPreferences: { Personalization: false } }`. One trait a purpose:
 * `consent_personalisation`. Only yes and no count.
 */
function readConsent(context: JsonObject): JsonObject {
  const consent = own(context, 'consent');
  if (!isObject(consent)) return {};
  const byCategory = own(consent, 'categoryPreferences');
  const said = Object.entries({ ...consent, ...(isObject(byCategory) ? byCategory : {}) })
    .filter(([, value]) => typeof value === 'boolean')
    .slice(0, purposesMax)
    .map(([purpose, value]) => [`consent_${toSnake(purpose)}`, value]);
  return Object.fromEntries(said) as JsonObject;
}

const toSnake = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .toLowerCase()
    .slice(0, 100);
