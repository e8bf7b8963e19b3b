import { type EventRow, eventRowSchema } from '@zhiyin/contract';
import { useEffect, useRef, useState } from 'react';
import { mergeEvents } from './merge-events.ts';

export type LiveState = 'connecting' | 'open' | 'lost';

/** Rows drawn at most twice a second: more cannot be read, and a busy brand would keep the page drawing. */
const drawIntervalMs = 500;
const reconnectMs = 5_000;

/**
 * Follows the stream at `address`. While paused, events go on arriving and wait (at most as many as the page
 * holds). `lost` says that the line broke and is being tried again.
 */
export function useLiveEvents(address: string, isPaused: boolean) {
  const [rows, setRows] = useState<EventRow[]>([]);
  const [waiting, setWaiting] = useState(0);
  const [state, setState] = useState<LiveState>('connecting');
  const buffer = useRef<EventRow[]>([]);
  const paused = useRef(isPaused);
  paused.current = isPaused;

  useEffect(() => {
    setRows([]);
    setWaiting(0);
    setState('connecting');
    buffer.current = [];
    let stream: EventSource;
    let again: ReturnType<typeof setTimeout> | undefined;
    const receive = (message: MessageEvent<string>) => {
      setState('open');
      buffer.current = mergeEvents(buffer.current, parseEvents(message.data));
    };
    const connect = () => {
      stream = new EventSource(address);
      stream.onopen = () => setState('open');
      stream.onerror = () => {
        setState('lost');
        // After a refusal (too many streams, server starting) the browser gives up; we do not.
        if (stream.readyState === EventSource.CLOSED) again = setTimeout(connect, reconnectMs);
      };
      stream.addEventListener('events', receive);
    };
    connect();
    const timer = setInterval(() => {
      if (paused.current) return setWaiting(buffer.current.length);
      setWaiting(0);
      if (buffer.current.length === 0) return;
      const incoming = buffer.current;
      buffer.current = [];
      setRows((before) => mergeEvents(before, incoming));
    }, drawIntervalMs);
    return () => {
      stream.close();
      clearTimeout(again);
      clearInterval(timer);
    };
  }, [address]);

  return { rows, waiting, state };
}

/** A list of events; what is none is left out rather than breaking the page. */
function parseEvents(data: string): EventRow[] {
  let body: unknown;
  try {
    body = JSON.parse(data);
  } catch {
    return [];
  }
  return (Array.isArray(body) ? body : []).flatMap((one) => {
    const parsed = eventRowSchema.safeParse(one);
    return parsed.success ? [parsed.data] : [];
  });
}
