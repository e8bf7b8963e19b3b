import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import {
  findForeignHeadings,
  findInvisibleFocus,
  findNameless,
  measureContrast,
  measureOverflow,
  measureSmallestText,
} from './check-page.ts';
import { brand, eventually, follow, open, type Walk } from './walk.ts';

const pages = [
  'overview',
  'data/sources',
  'data/imports',
  'data/health',
  'data/quarantine',
  'people',
  'settings/members',
];

const englishTitles = {
  'data/sources': 'Sources',
  'data/live': 'Live events',
  'data/imports': 'Import',
  'data/health': 'Data health',
  'data/quarantine': 'Quarantine',
  'data/library': 'Library',
  people: 'People',
  'settings/members': 'Members',
  'settings/keys': 'API keys',
  'settings/privacy': 'Privacy',
  'settings/audit': 'Audit log',
  'settings/jobs': 'Jobs',
  overview: 'Overview',
};

/** A closing dialog may swallow a key on a busy machine; a person would press again. */
async function goByKeys(page: Page, letter: string, title: string): Promise<void> {
  await eventually(async () => {
    await page.keyboard.press('g');
    await page.keyboard.press(letter);
    return page
      .getByRole('heading', { name: title, level: 1 })
      .waitFor({ timeout: 3_000 })
      .then(() => true)
      .catch(() => false);
  }).toBe(true);
}

/** What holds on every page: keys, widths, colours, both languages. */
export function walkFrame(walk: Walk): void {
  it('is used without a mouse: keys go places, and the focus is always seen', async () => {
    const { page } = walk;
    await open(walk, 'overview');
    await page.getByRole('heading', { name: '总览', level: 1 }).waitFor();
    await page.keyboard.press('?');
    const keys = page.getByRole('dialog', { name: '键盘快捷键' });
    await keys.getByText('前往人群').waitFor();
    await page.keyboard.press('Escape');
    await keys.waitFor({ state: 'hidden' });
    await goByKeys(page, 'p', '人群');
    await goByKeys(page, 'o', '总览');
    await eventually(() => page.locator('[aria-busy=true]').count()).toBe(0);
    expect(await findInvisibleFocus(page, 30)).toEqual([]);
  });

  it('fits 1024 pixels, can be read on a phone, and is named throughout', async () => {
    const { page } = walk;
    for (const path of pages) {
      await open(walk, path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      for (const width of [1024, 390]) {
        await page.setViewportSize({ width, height: 844 });
        await eventually(() => page.locator('[aria-busy=true]').count()).toBe(0);
        await eventually(() => measureOverflow(page), `${path} at ${width}`).toBe(0);
        expect(await measureSmallestText(page), `${path} at ${width}`).toBeGreaterThanOrEqual(11);
        expect(await findNameless(page), `${path} at ${width}`).toEqual([]);
        expect(await findForeignHeadings(page, 'zh-CN', [brand]), path).toEqual([]);
      }
    }
    await page.getByRole('button', { name: '打开菜单' }).click();
    await page.getByRole('dialog').getByRole('link', { name: '总览' }).click();
    await page.getByRole('heading', { name: '总览', level: 1 }).waitFor();
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('has a dark theme that can be read and is kept', async () => {
    const { page } = walk;
    await page.getByRole('button', { name: '外观' }).click();
    await page.getByRole('menuitem', { name: '深色' }).click();
    await eventually(() => measureContrast(page)).toMatchObject({ isDark: true });
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    const { contrast, isDark } = await measureContrast(page);
    expect(isDark).toBe(true);
    expect(contrast).toBeGreaterThan(4.5);
    await page.getByRole('button', { name: '外观' }).click();
    await page.getByRole('menuitem', { name: '浅色' }).click();
    await eventually(() => measureContrast(page)).toMatchObject({ isDark: false });
  });

  it('speaks English on every page once English is chosen', async () => {
    const { page } = walk;
    await page.getByRole('button', { name: '语言' }).click();
    await page.getByRole('menuitem', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    for (const [path, title] of Object.entries(englishTitles)) {
      await follow(walk, path);
      await page.getByRole('heading', { name: title, level: 1 }).waitFor();
      await eventually(() => page.locator('[aria-busy=true]').count()).toBe(0);
      // A finding may name a product or a day; its words are English.
      const foreign = await findForeignHeadings(page, 'en', [brand]);
      expect(
        foreign.filter((text) => !/[a-z]{3}/.test(text)),
        path,
      ).toEqual([]);
    }
  });
}
