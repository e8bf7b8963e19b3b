import type { Browser } from './options.ts';

/** Calls `view` when the route changes: history API, back and forward, and hash routes. */
export function watchPages(browser: Browser, view: (previousUrl: string) => void): void {
  let last = routeOf(browser);
  let lastUrl = browser.location.href;
  const look = () => {
    // After the app's own work, so that the title is the new one.
    browser.setTimeout(() => {
      const route = routeOf(browser);
      if (route === last) return;
      const previousUrl = lastUrl;
      last = route;
      lastUrl = browser.location.href;
      view(previousUrl);
    }, 0);
  };
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = browser.history[name];
    browser.history[name] = function patched(this: History, ...given: Parameters<History['pushState']>) {
      original.apply(this, given);
      look();
    };
  }
  browser.addEventListener('popstate', look);
  browser.addEventListener('hashchange', look);
}

/** `#/cart` and `#!cart` are routes, `#reviews` is a place on the page. */
function routeOf(browser: Browser): string {
  const { pathname, search, hash } = browser.location;
  return pathname + search + (/^#[/!]/.test(hash) ? hash : '');
}
