import type { Message } from './options.ts';
import type { TrackerStorage } from './storage.ts';

const prefix = 'zy_m_';
const leaseKey = 'zy_lease';
export const queueMessagesMax = 300;
/** What the server takes for one event. */
const messageBytesMax = 32 * 1_024;
/** Longer than a request may take, so that the holder is gone when it ends. */
const leaseMs = 20_000;

/**
 * What has not arrived yet, one entry a message, so that tabs that write at the same moment do not undo each other. All
 * tabs share it; the one that holds the lease sends. A message keeps its id: should two tabs send it, the server keeps one.
 */
export function openQueue(storage: TrackerStorage, tabId: string, now: () => number = Date.now) {
  let sequence = 0;
  return {
    put(message: Message): void {
      const text = JSON.stringify(message);
      // The server would refuse it, and all that is sent together with it.
      if (countBytes(text) > messageBytesMax) return;
      const order = now().toString(36).padStart(9, '0') + (sequence++).toString(36).padStart(4, '0');
      storage.set(`${prefix}${order}_${tabId}`, text);
      const keys = storage.keys(prefix);
      for (const key of keys.slice(0, Math.max(0, keys.length - queueMessagesMax))) storage.remove(key);
    },
    /** The oldest messages, up to a number and a size. */
    peek(messagesMax: number, bytesMax: number): { key: string; text: string }[] {
      const taken: { key: string; text: string }[] = [];
      let bytes = 0;
      for (const key of storage.keys(prefix)) {
        const text = storage.get(key);
        if (!text) continue;
        bytes += countBytes(text);
        if (taken.length === messagesMax || (taken.length > 0 && bytes > bytesMax)) break;
        taken.push({ key, text });
      }
      return taken;
    },
    remove(keys: readonly { key: string }[]): void {
      for (const { key } of keys) storage.remove(key);
    },
    clear(): void {
      for (const key of storage.keys(prefix)) storage.remove(key);
      storage.remove(leaseKey);
    },
    /** True when this tab may send now. */
    claim(): boolean {
      const [holder, until] = (storage.get(leaseKey) ?? '').split(' ');
      if (holder && holder !== tabId && Number(until) > now()) return false;
      storage.set(leaseKey, `${tabId} ${now() + leaseMs}`);
      return storage.get(leaseKey)?.split(' ')[0] === tabId;
    },
    letGo(): void {
      if (storage.get(leaseKey)?.startsWith(`${tabId} `)) storage.remove(leaseKey);
    },
  };
}

export type Queue = ReturnType<typeof openQueue>;

/** Chinese takes three bytes a character, so length alone would let three times too much through. */
function countBytes(text: string): number {
  return new TextEncoder().encode(text).length + 1;
}
