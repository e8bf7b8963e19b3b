import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createMarket, sendMarket } from '@zhiyin/market';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient, collect, newSource, setUpOwner } from './api-client.ts';
import { findForeignHeadings, findNameless, measureContrast, measureOverflow } from './console/check-page.ts';
import { chromiumPath, openBrowser, openWindow, watch } from './console/open-browser.ts';
import { eventually, open, part, type Walk } from './console/walk.ts';
import { aDataDir, startPlatformProcess } from './platform-process.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const brand = '山间茶事';
const onePixel = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** The pages under Recommend as a marketer meets them: nothing there, trained, looked at, changed, measured. */
describe.skipIf(!chromiumPath)(
  `recommendations in a browser${chromiumPath ? '' : ' (skipped: install Debian’s chromium)'}`,
  () => {
    const walk = {} as Walk;
    let directory: Awaited<ReturnType<typeof aDataDir>>;
    let client: ApiClient;
    let writeKey = '';
    const at = () => walk.platform.url;

    beforeAll(async () => {
      if (!existsSync(path.join(root, 'packages/console/dist/index.html'))) {
        const built = spawnSync(process.execPath, ['tools/build.mjs'], { cwd: root, encoding: 'utf8' });
        if (built.status !== 0) throw new Error(`the console could not be built\n${built.stdout}${built.stderr}`);
      }
      directory = await aDataDir();
      walk.platform = await startPlatformProcess({
        dataDir: directory.dir,
        env: { ZHIYIN_TRAIN_BUDGET_SECONDS: '8' },
      });
      client = await setUpOwner(at, directory.dir, brand);
      await client.call('PATCH', '/api/session/operator', { locale: 'zh-CN' });
      writeKey = (await newSource(client, 1)).writeKey;
      walk.browser = await openBrowser();
      walk.window = await openWindow(walk.browser);
      await walk.window.route('**/*.webp', (route) => route.fulfill({ contentType: 'image/gif', body: onePixel }));
      await walk.window.request.post(`${at()}/api/session`, {
        data: { email: 'owner@example.com', password: 'bright-orange-kettle' },
      });
      walk.page = await walk.window.newPage();
      walk.troubles = watch(walk.page);
    });
    afterAll(async () => {
      await walk.browser?.close();
      await walk.platform?.stop();
      await directory?.[Symbol.asyncDispose]();
    });
    afterEach(async ({ task }) => {
      const pictures = process.env.ZHIYIN_TEST_PICTURES;
      if (pictures && task.result?.state === 'fail')
        await walk.page.screenshot({ path: `${pictures}/${task.name}.png` });
      expect(walk.troubles.take()).toEqual([]);
    });

    it('says what is missing while there is no catalogue, no model and no outcome', async () => {
      const { page } = walk;
      const empties = {
        'recommend/surfaces': '商品目录还是空的，暂时没有可推荐的商品',
        'recommend/models': '还没有训练过模型',
        'recommend/training': '还没有训练过',
        'recommend/quality': '这段时间没有人请求过推荐',
      };
      for (const [place, sentence] of Object.entries(empties)) {
        await open(walk, place);
        await page.getByText(sentence).first().waitFor();
        expect(await findNameless(page), place).toEqual([]);
        expect(await findForeignHeadings(page, 'zh-CN', [brand]), place).toEqual([]);
      }
      await open(walk, 'recommend/surfaces');
      await page.getByRole('link', { name: '导入商品目录' }).waitFor();
      await open(walk, 'recommend/surfaces/nowhere');
      await page.getByText('没有推荐位“nowhere”').waitFor();
    });

    it('trains when told to, and says what came of it', async () => {
      const { page } = walk;
      const endDay = new Date().toISOString().slice(0, 10);
      const market = createMarket({ people: 400, days: 60, items: 120, endDay, endAt: new Date().toISOString() });
      await sendMarket({ market, url: at(), writeKey, fetch, importSpend: async () => undefined });
      await eventually(async () => (await client.call<{ total: number }>('GET', '/api/workspaces/1/items')).total).toBe(
        120,
      );
      await open(walk, 'recommend/training');
      await page.getByRole('button', { name: '立即训练' }).first().click();
      const runs = part(page, '训练记录');
      await expect
        .poll(() => runs.getByText('已完成').count(), { timeout: 90_000, message: 'a training ends' })
        .toBeGreaterThan(0);
      await runs.getByRole('link', { name: '版本 1' }).click();
      await page.getByRole('dialog').getByText('校验值').waitFor();
      expect(await findNameless(page)).toEqual([]);
      await page.keyboard.press('Escape');
    });

    it('lets another version answer only after saying what that means, and can go back', async () => {
      const { page } = walk;
      await client.call('POST', '/api/workspaces/1/recommend/trainings', {});
      type Models = { rows: { version: number; state: string }[] };
      const models = () => client.call<Models>('GET', '/api/workspaces/1/recommend/models');
      await expect.poll(async () => (await models()).rows.length, { timeout: 90_000 }).toBe(2);
      const serving = (await models()).rows.find(({ state }) => state === 'serving')?.version;
      const other = serving === 2 ? 1 : 2;
      await open(walk, 'recommend/models');
      for (const version of [other, 3 - other]) {
        const row = page.getByRole('row', { name: new RegExp(`版本 ${version} ·`) });
        await row.getByRole('button', { name: /回退到此版本|改用此版本/ }).click();
        const asked = page.getByRole('dialog');
        await asked.getByText(/从下一次页面浏览起/).waitFor();
        await asked.getByRole('button', { name: `启用版本 ${version}` }).click();
        await row.getByText('服务中').waitFor();
      }
    });

    it('shows a person beside a stranger, with reasons, and follows the rules before they are saved', async () => {
      const { page } = walk;
      await open(walk, 'recommend/surfaces/home');
      await page.getByRole('heading', { name: /件商品中有 \d+ 件是因人而异的/ }).waitFor();
      await page.getByText('给陌生访客').waitFor();
      expect(await page.getByRole('list', { name: '推荐依据' }).count()).toBeGreaterThan(0);
      await page.getByRole('heading', { name: '对这位用户的了解' }).waitFor();

      await page.getByRole('slider', { name: '多样性' }).focus();
      await page.keyboard.press('ArrowRight');
      const unsaved = page.getByRole('region', { name: '未保存的修改' });
      await unsaved.getByText('1 处修改未保存：').waitFor();
      await page.getByText('按您尚未保存的规则').waitFor();
      await unsaved.getByRole('button', { name: '撤销上一步' }).click();
      await unsaved.waitFor({ state: 'hidden' });

      await page.getByRole('button', { name: /置顶商品/ }).click();
      await page.getByRole('button', { name: '置顶一件商品' }).click();
      await page.getByText('请选择商品，或取消置顶').waitFor();
      expect(await unsaved.getByRole('button', { name: '保存并对访客生效' }).isDisabled()).toBe(true);
      const item = page.getByRole('combobox', { name: '商品', exact: true });
      await item.click();
      await page.locator('.ant-select-item-option').first().click();
      const first = page.getByRole('listitem').filter({ has: page.getByText('置顶', { exact: true }) });
      await eventually(() => first.count(), 'the pin stands in both lists').toBe(2);
      expect(await findNameless(page)).toEqual([]);
    });

    it('asks before unsaved rules are left, saves them for all, and offers the way back', async () => {
      const { page } = walk;
      await page.getByRole('link', { name: '模型' }).click();
      const asked = page.getByRole('dialog');
      await asked.getByText('1 处规则修改将会丢失。').waitFor();
      await asked.getByRole('button', { name: '留在这里' }).click();
      await page.getByRole('button', { name: '保存并对访客生效' }).click();
      await page.getByText('已保存，访客从现在起看到新规则').waitFor();
      type Surfaces = { rows: { surface: string; rules: { pins: unknown[] } }[] };
      const pins = async () =>
        (await client.call<Surfaces>('GET', '/api/workspaces/1/recommend/surfaces')).rows.find(
          ({ surface }) => surface === 'home',
        )?.rules.pins.length;
      expect(await pins()).toBe(1);
      await page.getByRole('button', { name: '撤销', exact: true }).click();
      await eventually(pins).toBe(0);
    });

    it('re-ranks by what the shop aims at while it is set, and says what each rule moved', async () => {
      const { page } = walk;
      await open(walk, 'recommend/surfaces/home');
      await page.getByRole('heading', { name: '移动了什么，为什么' }).waitFor();
      await page.getByRole('button', { name: /上限与份额/ }).click();
      const add = page.getByRole('combobox', { name: '添加类目', exact: true });
      await add.click();
      await page.locator('.ant-select-item-option').first().click();
      await page.getByText('按您尚未保存的规则').waitFor();
      await page.getByRole('slider', { name: '给新鲜感' }).focus();
      for (let step = 0; step < 10; step += 1) await page.keyboard.press('ArrowRight');
      await page.getByRole('listitem').filter({ hasText: '给新鲜感' }).first().waitFor();
      await page.getByRole('button', { name: /经营目标/ }).click();
      await page.getByRole('slider', { name: '偏向高毛利' }).focus();
      await page.keyboard.press('ArrowRight');
      await page.getByText('从哪个属性读取').waitFor();
      expect(await findNameless(page)).toEqual([]);
      await page.getByRole('button', { name: '放弃修改' }).click();
    });

    it('lets the brand say what its events are worth', async () => {
      const { page } = walk;
      await open(walk, 'recommend/training');
      const weights = part(page, '每种行为说明多少');
      await weights.getByRole('slider', { name: '看过的权重' }).focus();
      await page.keyboard.press('ArrowRight');
      await weights.getByText('有未保存的修改').waitFor();
      await weights.getByRole('button', { name: '保存权重' }).click();
      await page.getByText('权重已保存').waitFor();
      type Weights = { weights: { viewed: { weight: number } } };
      const viewed = async () =>
        (await client.call<Weights>('GET', '/api/workspaces/1/recommend/weights')).weights.viewed.weight;
      await eventually(viewed).toBe(1.5);
      await weights.getByRole('button', { name: '恢复默认' }).click();
      await eventually(viewed).toBe(1);
    });

    it('adds a surface of the brand’s own and removes it again', async () => {
      const { page } = walk;
      await open(walk, 'recommend/surfaces');
      await page.getByRole('button', { name: '新建推荐位' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('名称').fill('欢迎邮件');
      await dialog.getByLabel('页面请求时使用的标识').fill('Email Welcome');
      await dialog.getByRole('button', { name: '新建推荐位' }).click();
      await dialog.getByText('最多 80 个字符').waitFor();
      await dialog.getByLabel('页面请求时使用的标识').fill('email:welcome');
      await dialog.getByRole('button', { name: '新建推荐位' }).click();
      await page.getByRole('button', { name: '欢迎邮件的更多操作' }).click();
      await page.getByRole('menuitem', { name: '删除' }).click();
      await page.getByRole('dialog').getByRole('button', { name: '删除' }).click();
      await page.getByRole('link', { name: '首页' }).waitFor();
      await eventually(() => page.getByText('email:welcome').count()).toBe(0);
    });

    it('counts a click that names its decision, with the interval', async () => {
      const { page } = walk;
      const key = await client.call<{ secret: string }>('POST', '/api/workspaces/1/api-keys', {
        name: 'shop',
        scopes: ['recommend:read'],
      });
      const people = await client.call<{ rows: { profileId: string }[] }>(
        'GET',
        '/api/workspaces/1/people?limit=40&sort=events',
      );
      for (const [place, { profileId }] of people.rows.entries()) {
        const asked = await fetch(`${at()}/v1/recommend`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key.secret}`, 'content-type': 'application/json' },
          body: JSON.stringify({ surface: 'home', person: { profileId } }),
        });
        const answer = (await asked.json()) as { decisionId: string; items: { itemId: string }[] };
        if (place % 4 !== 0) continue;
        await collect(at, writeKey, 'track', {
          event: 'Product Clicked',
          userId: `visitor-${place}`,
          properties: { product_id: answer.items[0]?.itemId, decision_id: answer.decisionId },
        });
      }
      const today = new Date().toISOString().slice(0, 10);
      const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
      const clicked = async () => {
        const quality = await client.call<{ rows: { clicks: number }[] }>(
          'GET',
          `/api/workspaces/1/recommend/quality?from=${today}&to=${tomorrow}`,
        );
        return quality.rows.reduce((sum, { clicks }) => sum + clicks, 0);
      };
      await expect.poll(clicked, { timeout: 60_000, interval: 2_000 }).toBe(10);
      await open(walk, 'recommend/quality');
      await page.getByText('展示 40 次，25% 被点击').waitFor();
      await part(page, '具体数字').getByText('14.2%–40.2%').first().waitFor(); // Wilson, 10 of 40
      expect(await findNameless(page)).toEqual([]);
    });

    it('fits a phone, can be read in the dark, and is English throughout for English readers', async () => {
      const { page } = walk;
      const titles = { surfaces: 'Recommend', models: 'Models', training: 'Training', quality: 'Quality' };
      await page.getByRole('button', { name: '语言' }).click();
      await page.getByText('English', { exact: true }).click();
      for (const [place, title] of Object.entries({ ...titles, 'surfaces/cart': 'Cart and bundles' })) {
        for (const width of [1440, 390]) {
          await page.setViewportSize({ width, height: 844 });
          await page.emulateMedia({ colorScheme: width === 390 ? 'dark' : 'light' });
          await open(walk, `recommend/${place}`);
          await page.getByRole('heading', { name: title, level: 1 }).waitFor();
          await eventually(() => page.locator('[aria-busy=true]').count()).toBe(0);
          await eventually(() => measureOverflow(page), `${place} at ${width}`).toBe(0);
          expect(await findForeignHeadings(page, 'en', [brand]), place).toEqual([]);
          expect(await findNameless(page), `${place} at ${width}`).toEqual([]);
          expect((await measureContrast(page)).contrast, `${place} at ${width}`).toBeGreaterThanOrEqual(4.5);
        }
      }
    });
  },
);
