import { openContext } from './context.ts';
import { openIdentity, randomId } from './identity.ts';
import type { Browser, Message, MessageType, Properties, TrackerOptions } from './options.ts';
import { watchPages } from './page-views.ts';
import { openQueue } from './queue.ts';
import { openSender } from './sender.ts';
import { openStorage } from './storage.ts';

const consentKey = 'zy_consent';
const waitingMax = 100;

/**
 * The SDK on a page. Calls become messages in a queue that survives the page; a sender empties it. Without consent calls
 * wait in memory, and nothing is sent or stored.
 */
export function createTracker(options: TrackerOptions, browser: Browser = window) {
  const storage = openStorage(browser);
  const identity = openIdentity(browser, storage);
  const context = openContext(browser);
  const queue = openQueue(storage, randomId(browser).slice(0, 8));
  const sender = openSender(browser, queue, {
    host: (options.host ?? browser.location.origin).replace(/\/+$/, ''),
    writeKey: options.writeKey,
  });
  let waiting: (() => void)[] = [];

  const decided = () => storage.get(consentKey);
  const needsConsent =
    options.consent === 'required' || (browser.navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl;
  const isAllowed = () => decided() === '1' || (decided() === null && !needsConsent);

  /** Now, or when consent comes, or never. */
  const whenAllowed = (work: () => void) => {
    if (isAllowed()) work();
    else if (decided() === null && waiting.length < waitingMax) waiting.push(work);
  };

  const enqueue = (type: MessageType, fields: Partial<Message>, before?: () => void) => {
    // What the page looks like is taken now, who the person is when it may be stored.
    const timestamp = new Date().toISOString();
    const where = context.context();
    whenAllowed(() => {
      before?.();
      queue.put({
        type,
        messageId: randomId(browser),
        timestamp,
        anonymousId: identity.anonymousId(),
        userId: identity.userId(),
        ...fields,
        context: where,
      });
      sender.soon();
    });
  };

  const api = {
    identify(user?: unknown, traits?: Properties) {
      const [id, given] = isProperties(user) ? [undefined, user] : [toId(user), traits];
      enqueue('identify', { traits: given ?? {} }, () => {
        // Another person on the same browser is not the one who was anonymous before.
        if (id && identity.userId() && identity.userId() !== id) identity.renew();
        if (id) identity.setUserId(id);
      });
    },
    track(event: string, properties: Properties = {}) {
      enqueue('track', { event: String(event), properties });
    },
    page(...given: unknown[]) {
      const names = given.filter((part) => typeof part === 'string');
      const properties = given.find(isProperties);
      const name = names.pop();
      enqueue('page', { name, category: names[0], properties: { ...context.page(), name, ...properties } });
    },
    screen(name?: string, properties: Properties = {}) {
      enqueue('screen', { name, properties });
    },
    group(groupId: unknown, traits: Properties = {}) {
      enqueue('group', { groupId: toId(groupId), traits });
    },
    alias(userId: unknown, previousId?: unknown) {
      whenAllowed(() => {
        const previous = toId(previousId) ?? identity.userId() ?? identity.anonymousId();
        enqueue('alias', { userId: toId(userId), previousId: previous });
      });
    },
    /** The person signed out: from here on it is somebody new. */
    reset() {
      whenAllowed(() => identity.renew());
    },
    ready(callback: () => void) {
      browser.setTimeout(() => guard(callback)(), 0);
    },
    /** `true`: collect from now on, with what waited. `false`: stop, and remove everything but the refusal. */
    consent(granted: boolean) {
      const calls = waiting;
      waiting = [];
      if (granted) {
        storage.set(consentKey, '1');
        for (const call of calls) call();
        return;
      }
      sender.stop();
      queue.clear();
      identity.forget();
      storage.set(consentKey, '0');
    },
    flush() {
      whenAllowed(() => void sender.flush());
    },
  };

  for (const name of Object.keys(api) as (keyof typeof api)[]) api[name] = guard(api[name] as () => void);
  guard(() => {
    const leave = (isGone: boolean) => isAllowed() && sender.leave(isGone);
    browser.addEventListener(
      'pagehide',
      guard(() => leave(true)),
    );
    browser.document.addEventListener(
      'visibilitychange',
      guard(() => browser.document.visibilityState === 'hidden' && leave(false)),
    );
    browser.addEventListener(
      'online',
      guard(() => isAllowed() && void sender.flush()),
    );
    if (isAllowed()) sender.soon();
    if (options.pages === 'manual') return;
    watchPages(browser, (previousUrl) => {
      context.leave(previousUrl);
      api.page();
    });
    api.page();
  })();
  return api;
}

export type Tracker = ReturnType<typeof createTracker>;

/** Whatever goes wrong in here is not the page's trouble. */
function guard<Given extends unknown[]>(work: (...given: Given) => unknown): (...given: Given) => void {
  return (...given) => {
    try {
      work(...given);
    } catch {
      // Nothing to tell and nobody to tell it to.
    }
  };
}

function isProperties(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null;
}

function toId(value: unknown): string | undefined {
  return value === undefined || value === null || value === '' ? undefined : String(value);
}
