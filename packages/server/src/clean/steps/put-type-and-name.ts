import { said } from '@zhiyin/contract';
import type { EventType } from '../../domain/events.ts';
import { type Draft, quarantine, type StepResult } from '../draft.ts';
import { describe, own } from '../json.ts';
import { findStandardName } from '../standard-events.ts';

const nameCharactersMax = 200;

const ownNames: Readonly<Record<Exclude<EventType, 'track'>, string>> = {
  identify: 'profile_identified',
  page: 'page_viewed',
  screen: 'screen_viewed',
  group: 'group_joined',
  alias: 'profile_aliased',
};

/** Which call it is, and its event's name: one name per standard event however it was spelled, a brand's own names as sent. */
export function putTypeAndName(draft: Draft): StepResult {
  const type = own(draft.call, 'type');
  if (type !== 'track' && !(typeof type === 'string' && Object.hasOwn(ownNames, type))) {
    const got = typeof type === 'string' ? `"${type.slice(0, 40)}"` : describe(type);
    return quarantine('unknown_type', 'type', said('call_type', { got }));
  }
  if (type !== 'track') {
    draft.type = type as EventType;
    draft.name = ownNames[type as keyof typeof ownNames];
    return undefined;
  }
  const event = own(draft.call, 'event');
  const name = typeof event === 'string' ? event.trim() : typeof event === 'number' ? String(event) : '';
  if (name === '') {
    return quarantine('missing_event_name', 'event', said('event_name_missing', { got: describe(event) }));
  }
  if (name.length > nameCharactersMax) {
    return quarantine('too_large', 'event', said('event_name_long', { most: nameCharactersMax, got: name.length }));
  }
  draft.type = type;
  draft.name = findStandardName(name) ?? name;
  return undefined;
}
