import type { SaidText } from '@zhiyin/contract';
import type { EventType, Json, JsonObject } from '../domain/events.ts';
import type { IdentityKind } from '../domain/identity.ts';
import type { ImportId, SourceId, WorkspaceId } from '../domain/ids.ts';
import type { QuarantineReason } from '../domain/outcome.ts';

/** Where a call came from: what the journal knows and the call itself does not say. */
export type Arrival = {
  readonly workspaceId: WorkspaceId;
  readonly sourceId: SourceId;
  readonly importId: ImportId;
  readonly receivedAt: Date;
  /** Says which of the calls this is when the sender gave no messageId: the same after a crash. */
  readonly fallbackMessageId: string;
};

export type Identifier = { readonly kind: IdentityKind; readonly value: string };

/** A value that must not reach the event store. */
export type PersonalValue = {
  /** Field in the vault: `email`, `phone`, `name`, or `properties.receiver_phone`. */
  readonly field: string;
  readonly value: Json;
  /** Property in the event that keeps the surrogate of the value instead; absent when nothing stays behind. */
  readonly leaves?: { readonly property: string; readonly kind: 'email' | 'phone' };
};

/** What was seen of a property, for the list of properties in the console. */
export type ObservedProperty = { readonly property: string; readonly class: string; readonly valueType: string };

/**
 * One call on its way to becoming an event. Steps read `call` first and fill in the rest, in place: a copy per step would be most
 * of the work. What is inside of `call` belongs to the record as it came and is never changed.
 */
export type Draft = {
  readonly arrival: Arrival;
  /** The call as it came, after kept repair rules. */
  call: JsonObject;
  type: EventType;
  name: string;
  messageId: string;
  occurredAt: Date;
  /** Strongest first, each kind and value once. */
  identifiers: readonly Identifier[];
  properties: JsonObject;
  /** Facts about the person; only those that may be kept in clear after `putPersonalDataAway`. */
  traits: JsonObject;
  context: JsonObject;
  readonly personal: PersonalValue[];
  observed: readonly ObservedProperty[];
  readonly repairs: string[];
};

export type Refusal = {
  readonly kind: 'quarantine';
  readonly reason: QuarantineReason;
  /** The field at fault, as the sender spells it. Empty when it is the record as a whole. */
  readonly field: string;
  readonly detail: SaidText;
};

/** Why a call cannot be kept; undefined when it goes on to the next step. */
export type StepResult = Refusal | undefined;

export const quarantine = (reason: QuarantineReason, field: string, detail: SaidText): Refusal => ({
  kind: 'quarantine',
  reason,
  field,
  detail,
});

export function startDraft(call: JsonObject, arrival: Arrival, repairs: readonly string[]): Draft {
  return {
    arrival,
    call,
    type: 'track',
    name: '',
    messageId: '',
    occurredAt: arrival.receivedAt,
    identifiers: [],
    properties: {},
    traits: {},
    context: {},
    personal: [],
    observed: [],
    repairs: [...repairs],
  };
}
