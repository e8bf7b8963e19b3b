import { expect, it } from 'vitest';
import { findForeignHeadings, findNameless } from './check-page.ts';
import { brand, choose, eventually, follow, owner, type Walk } from './walk.ts';

/** First run, signing in and out, and the language of the pages. */
export function walkEntrance(walk: Walk): void {
  it('makes the owner and her own workspace from the printed link', async () => {
    const { page, platform, troubles } = walk;
    troubles.expect(401, '/api/session');
    const findLink = () => /http:\S+\/setup\?token=\S+/.exec(platform.said())?.[0];
    await eventually(findLink).toBeTruthy();
    await page.goto(findLink()!);
    await page.getByRole('heading', { name: '欢迎使用，请创建所有者账户' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    expect(await findNameless(page)).toEqual([]);

    await page.getByLabel('您的姓名').fill(owner.name);
    await page.getByLabel('邮箱').fill(owner.email);
    await page.getByLabel('密码', { exact: true }).fill('short');
    await page.getByLabel('品牌名称').fill(brand);
    await choose(page, page.getByLabel('币种'), /^GBP/, 'GBP');
    await page.getByRole('button', { name: '创建账户，开始使用' }).click();
    await page.getByText('至少需要 10 个字符').waitFor();
    await page.getByLabel('密码', { exact: true }).fill(owner.password);
    await page.getByRole('button', { name: '创建账户，开始使用' }).click();

    await page.getByRole('heading', { name: '数据源', level: 1 }).waitFor();
    await page.getByRole('button', { name: `当前工作区：${brand}，点击切换` }).waitFor();
  });

  it('says on every empty page what to do next', async () => {
    const { page } = walk;
    const empties = {
      overview: '还没有事件。第一条数据一到，这里就会自动有内容。',
      people: '这里还没有人',
      'data/sources': '数据源就是事件的来处：网站、服务器、App 或商品目录。',
      'data/live': '还没有事件。下一个事件到达时会自动出现在这里。',
      'data/imports': '还没有导入过文件。',
      'data/health': '还没有收到任何数据。',
      'data/quarantine': '没有被隔离的记录。',
      'data/library': '商品目录是空的。',
      'settings/keys': '还没有 API 密钥',
      'settings/privacy': '还没有可检查的数据',
    };
    for (const [path, sentence] of Object.entries(empties)) {
      await follow(walk, path);
      await page.getByText(sentence).waitFor();
      expect(await findForeignHeadings(page, 'zh-CN', [brand]), path).toEqual([]);
    }
  });

  it('signs out, refuses a wrong password in words, and signs in to the page that was asked for', async () => {
    const { page, platform } = walk;
    await page.getByRole('button', { name: `${owner.name}的账户` }).click();
    await page.getByRole('menuitem', { name: '退出登录' }).click();
    await page.getByRole('heading', { name: '登录' }).waitFor();

    await page.goto(`${platform.url}/w/1/people`);
    await page.getByRole('heading', { name: '登录' }).waitFor();
    await page.getByLabel('邮箱').fill(owner.email);
    await page.getByLabel('密码', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByRole('alert').filter({ hasText: '邮箱与密码不匹配' }).waitFor();
    expect(await findNameless(page)).toEqual([]);

    await page.getByLabel('密码', { exact: true }).fill(owner.password);
    await page.keyboard.press('Enter');
    await page.getByText('这里还没有人').waitFor();
    expect(new URL(page.url()).pathname).toBe('/w/1/people');
  });

  it('remembers the language with the operator, in a new browser too', async () => {
    const { page, platform, browser } = walk;
    await page.getByRole('button', { name: '语言' }).click();
    await page.getByRole('menuitem', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'People', level: 1 }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await page.reload();
    await page.getByRole('heading', { name: 'People', level: 1 }).waitFor();
    expect(await findForeignHeadings(page, 'en', [brand])).toEqual([]);

    await using elsewhere = await browser.newContext({ locale: 'zh-CN' });
    const other = await elsewhere.newPage();
    await other.goto(platform.url);
    await other.getByLabel('邮箱').fill(owner.email);
    await other.getByLabel('密码', { exact: true }).fill(owner.password);
    await other.getByRole('button', { name: '登录' }).click();
    await other.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();

    await page.getByRole('button', { name: 'Language' }).click();
    await page.getByRole('menuitem', { name: '简体中文' }).click();
    await page.getByRole('heading', { name: '人群', level: 1 }).waitFor();
  });
}
