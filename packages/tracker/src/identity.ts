import type { Browser } from './options.ts';
import type { TrackerStorage } from './storage.ts';

const anonymousKey = 'zy_anonymous_id';
const userKey = 'zy_user_id';

/** Who this browser is: an id of its own from the first message on, and a user once the site named one. */
export function openIdentity(browser: Browser, storage: TrackerStorage) {
  return {
    anonymousId(): string {
      let id = storage.get(anonymousKey) ?? readSegmentId(browser, storage);
      if (!id) id = randomId(browser);
      if (storage.get(anonymousKey) !== id) storage.set(anonymousKey, id);
      return id;
    },
    userId: () => storage.get(userKey) ?? undefined,
    setUserId: (id: string) => storage.set(userKey, id),
    forget() {
      storage.remove(anonymousKey);
      storage.remove(userKey);
    },
    /** After `reset` the visitor is somebody new, also where Segment's id is still lying around. */
    renew() {
      storage.remove(userKey);
      storage.set(anonymousKey, randomId(browser));
    },
  };
}

export type Identity = ReturnType<typeof openIdentity>;

/** A site that comes from Segment keeps its visitors. Its SDK writes the id with or without quotes. */
function readSegmentId(browser: Browser, storage: TrackerStorage): string | undefined {
  const cookie = /(?:^|; )ajs_anonymous_id=([^;]*)/.exec(browser.document.cookie);
  const found = storage.get('ajs_anonymous_id') ?? (cookie ? decodeURIComponent(cookie[1] ?? '') : '');
  return found.replace(/^"|"$/g, '') || undefined;
}

export function randomId(browser: Browser): string {
  const { crypto } = browser;
  // Only pages under https have it.
  if (crypto?.randomUUID) return crypto.randomUUID();
  const bytes = crypto?.getRandomValues
    ? crypto.getRandomValues(new Uint8Array(16))
    : Uint8Array.from({ length: 16 }, () => Math.random() * 256);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
