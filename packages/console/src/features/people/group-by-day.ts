import type { EventRow } from '@zhiyin/contract';
import { dayOf } from '../../format/format-instant.ts';

export interface DayOfEvents {
  day: string;
  events: EventRow[];
}

/** Events in the order given, cut where the workspace's calendar day changes. */
export function groupByDay(events: readonly EventRow[], timeZone: string): DayOfEvents[] {
  const days: DayOfEvents[] = [];
  for (const event of events) {
    const day = dayOf(event.occurredAt, timeZone);
    const current = days.at(-1);
    if (current?.day === day) current.events.push(event);
    else days.push({ day, events: [event] });
  }
  return days;
}
