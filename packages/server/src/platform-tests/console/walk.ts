import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { PlatformProcess } from '../platform-process.ts';
import type { Troubles } from './open-browser.ts';

/** One marketer's day: the platform, the browser, and the page that all chapters share, in order. */
export type Walk = {
  platform: PlatformProcess;
  browser: Browser;
  window: BrowserContext;
  page: Page;
  troubles: Troubles;
};

export const owner = { name: '林溪', email: 'lin@example.com', password: 'a quiet mountain tea' } as const;
export const brand = '山间茶事';

/** Goes to a page of the workspace as a link in a message would. */
export async function open({ platform, page }: Walk, path: string): Promise<void> {
  await page.goto(`${platform.url}/w/1/${path}`);
}

/** What holds sooner or later; a busy machine needs its time. */
export const eventually = (look: () => unknown, message?: string): ReturnType<typeof expect.poll> =>
  expect.poll(look, { timeout: 20_000, message });

/** Goes there without loading the console anew, as its own links do. */
export async function follow({ page }: Walk, path: string): Promise<void> {
  await page.evaluate(`history.pushState({}, '', '/w/1/${path}')`);
}

/** A choice in a list that opens; long lists draw only a part of themselves and are searched by typing. */
export async function choose(page: Page, list: Locator, option: string | RegExp, typed?: string): Promise<void> {
  await list.click();
  if (typed !== undefined) await list.fill(typed);
  await page.getByTitle(option, { exact: true }).last().click();
}

/** The panel of the page with this heading. */
export const part = (page: Page, heading: string | RegExp): Locator => page.getByRole('region', { name: heading });

/** A number as Chinese pages write it. */
export const shown = (value: number): string => new Intl.NumberFormat('zh-CN').format(value);
export const shownMoney = (minor: number): string =>
  new Intl.NumberFormat('zh-CN', { style: 'currency', currency: 'GBP' }).format(minor / 100);
