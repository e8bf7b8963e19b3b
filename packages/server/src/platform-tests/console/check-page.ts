import type { Page } from 'playwright-core';
import { contrast, invisibleFocus, overflow, smallestText } from './page-scripts.ts';

/** Roles that mean nothing to a person who cannot see them, unless they have a name. */
const mustHaveName = new Set(
  'button link textbox searchbox combobox checkbox radio switch tab menuitem slider spinbutton'.split(' '),
);

/** Controls without a name, as the browser itself works names out for screen readers. */
export async function findNameless(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  const nameless: string[] = [];
  for (const { ignored, role, name, backendDOMNodeId } of nodes) {
    if (ignored || !mustHaveName.has(String(role?.value)) || String(name?.value ?? '').trim() !== '') continue;
    const shown = await session
      .send('DOM.getOuterHTML', { backendNodeId: backendDOMNodeId as number })
      .then(({ outerHTML }) => outerHTML.slice(0, 160));
    nameless.push(`${role?.value}: ${shown}`);
  }
  await session.detach();
  return nameless;
}

/** Headings in which no word is of the page's language. What comes from the data may be named in any. */
export async function findForeignHeadings(page: Page, language: 'zh-CN' | 'en', ofData: readonly string[] = []) {
  const headings = await page.getByRole('heading').allInnerTexts();
  const tabs = await page.getByRole('navigation').getByRole('link').allInnerTexts();
  const hasHan = (text: string) => /\p{Script=Han}/u.test(text);
  const isForeign = (text: string) => (language === 'zh-CN' ? !hasHan(text) : hasHan(text));
  return [...headings, ...tabs].filter((text) => /\p{L}/u.test(text) && !ofData.includes(text) && isForeign(text));
}

export const measureOverflow = (page: Page): Promise<number> => page.evaluate(overflow);
export const measureSmallestText = (page: Page): Promise<number> => page.evaluate(smallestText);
export const measureContrast = (page: Page): Promise<{ contrast: number; isDark: boolean }> => page.evaluate(contrast);

/** Walks through the page with Tab; names the stops that look the same with and without the focus. */
export async function findInvisibleFocus(page: Page, stops: number): Promise<string[]> {
  const invisible: string[] = [];
  for (let stop = 0; stop < stops; stop += 1) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate<string | null>(invisibleFocus);
    if (found !== null) invisible.push(found);
  }
  return invisible;
}
