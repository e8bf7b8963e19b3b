import type { Browser, Properties } from './options.ts';

export const version = '0.1.0';

const clickIdNames = 'gclid fbclid msclkid ttclid twclid gbraid wbraid bd_vid qz_gdt'.split(' ');

/** Where a message comes from. Campaign and click ids stay for the life of the page, although the route loses them. */
export function openContext(browser: Browser) {
  let campaign: Properties | undefined;
  let clickIds: Properties | undefined;
  let referrer = browser.document.referrer;
  return {
    page(): Properties {
      const { href, pathname, search } = browser.location;
      return { url: href, path: pathname, search, title: browser.document.title, referrer };
    },
    /** In a single-page app the page before is the referrer. */
    leave(url: string) {
      referrer = url;
    },
    context(): Properties {
      const { navigator, screen } = browser;
      const query = new URLSearchParams(browser.location.search);
      campaign = pick(query, (name) => utmName(name)) ?? campaign;
      clickIds = pick(query, (name) => (clickIdNames.includes(name) ? name : undefined)) ?? clickIds;
      return {
        library: { name: 'zhiyin.js', version },
        locale: navigator.language,
        timezone: timeZone(),
        userAgent: navigator.userAgent,
        screen: screen && {
          width: screen.width,
          height: screen.height,
          density: browser.devicePixelRatio,
        },
        page: this.page(),
        campaign,
        clickIds,
      };
    },
  };
}

export type Context = ReturnType<typeof openContext>;

/** utm_source → source, and utm_campaign → name, as Segment calls it. */
function utmName(name: string): string | undefined {
  const match = /^utm_(.+)/.exec(name);
  return match?.[1] === 'campaign' ? 'name' : match?.[1];
}

function pick(query: URLSearchParams, nameOf: (name: string) => string | undefined): Properties | undefined {
  const picked: [string, string][] = [];
  query.forEach((value, key) => {
    const name = nameOf(key);
    if (name && value) picked.push([name, value.slice(0, 500)]);
  });
  return picked.length > 0 ? Object.fromEntries(picked) : undefined;
}

function timeZone(): string | undefined {
  try {
    return Intl.DateTimeFormat().resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
