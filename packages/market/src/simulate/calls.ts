import { bitsAt, streamKey } from '../random.ts';

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };
export type JsonRecord = { [key: string]: JsonValue };

/** One call as Segment's SDKs send it. */
export type Call = {
  type: 'identify' | 'track' | 'page' | 'screen';
  messageId: string;
  timestamp: string;
  anonymousId?: string;
  userId?: string;
  event?: string;
  name?: string;
  properties?: JsonRecord;
  traits?: JsonRecord;
  context?: JsonRecord;
};

/** A call and when it happens. `mark` is 32 random bits of its own: dirt is decided by it. */
export type TimedCall = { at: number; mark: number; call: Call };

export type Sender = { readonly anonymousId?: string; readonly userId?: string };

/** Collects the calls of one simulated day. Message ids say nothing about the person. */
export class CallRecorder {
  private readonly keyA: number;
  private readonly keyB: number;
  private counters = new Map<number, number>();
  private day = 0;
  calls: TimedCall[] = [];

  constructor(seed: number) {
    this.keyA = streamKey(seed, 'message-a');
    this.keyB = streamKey(seed, 'message-b');
  }

  beginDay(day: number): void {
    this.day = day;
    this.calls = [];
    this.counters = new Map();
  }

  /** `who` keeps the numbering of each person apart, so that one more call of one leaves the others' ids alone. */
  add(
    who: number,
    at: number,
    sender: Sender,
    body: Omit<Call, 'messageId' | 'timestamp' | 'anonymousId' | 'userId'>,
  ): void {
    const number = (this.counters.get(who) ?? 0) + 1;
    this.counters.set(who, number);
    const place = this.day * 8_192 + number;
    const mark = bitsAt(this.keyA, who, place);
    const call: Call = {
      type: body.type,
      messageId: `${mark.toString(36)}-${bitsAt(this.keyB, who, place).toString(36)}`,
      timestamp: new Date(at).toISOString(),
    };
    if (sender.anonymousId !== undefined) call.anonymousId = sender.anonymousId;
    if (sender.userId !== undefined) call.userId = sender.userId;
    if (body.event !== undefined) call.event = body.event;
    if (body.name !== undefined) call.name = body.name;
    if (body.properties !== undefined) call.properties = body.properties;
    if (body.traits !== undefined) call.traits = body.traits;
    if (body.context !== undefined) call.context = body.context;
    this.calls.push({ at, mark, call });
  }
}
