import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

export const chromiumPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);

/** Headless Chromium says so in its name, and would be taken for a robot: nothing it sends would count. */
const userAgent = 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const quiet =
  '--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync';

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath as string,
    args: quiet.split(' '),
    env: { ...process.env, LANG: 'C.UTF-8' },
  });

/** A marketer's browser: Chinese, in the time zone of the brand, without animations to wait for. */
export async function openWindow(browser: Browser, language = 'zh-CN'): Promise<BrowserContext> {
  const context = await browser.newContext({
    locale: language,
    timezoneId: 'Europe/London',
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    userAgent,
    permissions: ['clipboard-read', 'clipboard-write'],
    acceptDownloads: true,
  });
  context.setDefaultTimeout(15_000);
  return context;
}

/** What must not happen on a page without anybody noticing: errors in the console, exceptions, refused requests. */
export type Troubles = {
  /** What went wrong since the last call, without what was expected. */
  take(): string[];
  /** This answer is part of what is being tested. */
  expect(status: number, path: string): void;
};

export function watch(page: Page): Troubles {
  const troubles: string[] = [];
  const expected = new Set<string>();
  const pathOf = (url: string) => (URL.canParse(url) ? new URL(url).pathname : url);
  page.on('pageerror', (error) => troubles.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return;
    // Chromium tells of each refused request here as well; those are judged below.
    if (message.text().startsWith('Failed to load resource')) return;
    troubles.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on('response', (answer) => {
    const what = `${answer.status()} ${pathOf(answer.url())}`;
    if (answer.status() >= 400 && !expected.has(what)) troubles.push(what);
  });
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText;
    // A question is taken back when its page is left.
    if (why !== 'net::ERR_ABORTED') troubles.push(`${why} ${pathOf(request.url())}`);
  });
  return {
    take: () => troubles.splice(0),
    expect: (status, path) => void expected.add(`${status} ${path}`),
  };
}
