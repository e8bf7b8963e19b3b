import type { Browser } from './options.ts';

export type Sent = {
  url: string;
  body: { writeKey: string; sentAt: string; batch: Record<string, unknown>[] };
  keepalive: boolean;
};

/** As much of a browser as the SDK touches. Several tabs share a `disk`. */
export function fakeBrowser(
  given: { disk?: Map<string, string>; gpc?: boolean; cookie?: string; url?: string; diskFails?: boolean } = {},
) {
  const disk = given.disk ?? new Map<string, string>();
  const sent: Sent[] = [];
  const answers: (number | 'offline' | { status: number; retryAfter: string })[] = [];
  const listeners = new Map<string, (() => void)[]>();
  const listen = (name: string, listener: () => void) =>
    listeners.set(name, [...(listeners.get(name) ?? []), listener]);
  const location = new URL(given.url ?? 'https://shop.example/tea?utm_source=wechat&utm_campaign=spring&bd_vid=abc');
  const move = (_state: unknown, _title: string, url?: string | URL | null) => {
    if (url) location.href = new URL(url, location.href).href;
  };
  const browser = {
    location,
    history: { pushState: move, replaceState: move },
    navigator: { language: 'zh-CN', userAgent: 'Fake/1.0', globalPrivacyControl: given.gpc, onLine: true },
    document: {
      title: '茶',
      referrer: 'https://search.example/',
      cookie: given.cookie ?? '',
      visibilityState: 'visible',
      addEventListener: listen,
    },
    screen: { width: 1280, height: 720 },
    devicePixelRatio: 2,
    crypto: globalThis.crypto,
    Request: class {
      get keepalive() {
        return true;
      }
    },
    localStorage: {
      get length() {
        return disk.size;
      },
      key: (index: number) => [...disk.keys()][index] ?? null,
      getItem: (key: string) => disk.get(key) ?? null,
      setItem(key: string, value: string) {
        if (given.diskFails) throw new Error('QuotaExceededError');
        disk.set(key, value);
      },
      removeItem: (key: string) => void disk.delete(key),
    },
    setTimeout: (work: () => void, ms: number) => setTimeout(work, ms),
    clearTimeout: (timer: ReturnType<typeof setTimeout>) => clearTimeout(timer),
    addEventListener: listen,
    async fetch(url: string, request: { body: string; keepalive?: boolean }) {
      const answer = answers.shift() ?? 200;
      if (answer === 'offline') throw new TypeError('Failed to fetch');
      sent.push({ url, body: JSON.parse(request.body), keepalive: request.keepalive === true });
      const { status, retryAfter } = typeof answer === 'number' ? { status: answer, retryAfter: null } : answer;
      return { status, ok: status < 300, headers: { get: () => retryAfter } };
    },
  };
  return {
    browser: browser as unknown as Browser,
    disk,
    sent,
    answers,
    fire: (name: string) => {
      for (const listener of listeners.get(name) ?? []) listener();
    },
    messages: () => sent.flatMap(({ body }) => body.batch) as Record<string, never>[],
  };
}
