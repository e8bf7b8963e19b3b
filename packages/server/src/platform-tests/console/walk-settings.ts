import { expect, it } from 'vitest';
import { findForeignHeadings, findNameless } from './check-page.ts';
import { readClipboard } from './page-scripts.ts';
import { brand, choose, open, part, type Walk } from './walk.ts';

/** Who may do what, and the proof of what was done. */
export function walkSettings(walk: Walk): void {
  it('adds a member whose first password works', async () => {
    const { page, platform } = walk;
    await open(walk, 'settings/members');
    await page.getByRole('button', { name: '添加成员' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('邮箱').fill('zhao@example.com');
    await dialog.getByLabel('姓名').fill('赵云');
    await choose(page, dialog.getByRole('combobox', { name: '角色' }), /^分析师/);
    await dialog.getByRole('button', { name: '添加成员' }).click();
    const made = page.getByRole('dialog', { name: '已添加成员' });
    const password = await copied(walk, made);
    expect(password.length).toBeGreaterThanOrEqual(10);
    await made.getByRole('button', { name: '我已复制' }).click();
    await page.getByRole('row', { name: /赵云/ }).getByText('分析师').waitFor();
    expect(await findNameless(page)).toEqual([]);
    const answer = await fetch(`${platform.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'zhao@example.com', password }),
    });
    expect(answer.status).toBe(200);
  });

  it('makes an API key that works until it is revoked', async () => {
    const { page, platform } = walk;
    await open(walk, 'settings/keys');
    await page.getByRole('button', { name: '创建密钥' }).click();
    const dialog = page.getByRole('dialog', { name: '新建 API 密钥' });
    await dialog.getByLabel('名称').fill('每晚导出');
    await dialog.getByRole('button', { name: '创建密钥' }).click();
    const made = page.getByRole('dialog', { name: '密钥已创建' });
    const secret = await copied(walk, made);
    await made.getByRole('button', { name: '我已复制' }).click();
    const use = () =>
      fetch(`${platform.url}/api/workspaces/1/overview`, { headers: { authorization: `Bearer ${secret}` } });
    expect((await use()).status).toBe(200);

    await page
      .getByRole('row', { name: /每晚导出/ })
      .getByRole('button', { name: '吊销密钥' })
      .click();
    await page.getByRole('dialog').getByRole('button', { name: '吊销密钥' }).click();
    await page
      .getByRole('row', { name: /每晚导出/ })
      .getByText(/已吊销/)
      .waitFor();
    expect((await use()).status).toBe(401);
  });

  it('changes how a property is kept, and still says so after a reload', async () => {
    const { page } = walk;
    await open(walk, 'settings/privacy');
    const action = page.getByRole('row', { name: /email/ }).first().getByRole('combobox').nth(1);
    await choose(page, action, '删除');
    await page
      .getByText(/已修改，对此后的数据生效/)
      .first()
      .waitFor();
    await page.reload();
    const row = page.getByRole('row', { name: /email/ }).filter({ hasText: '由您决定' });
    await row.getByText('删除', { exact: true }).waitFor();
    expect(await findNameless(page)).toEqual([]);
  });

  it('shows that the audit log is whole, and the jobs that ran', async () => {
    const { page } = walk;
    await open(walk, 'settings/audit');
    await page.getByRole('button', { name: '校验链条' }).click();
    await page.getByText(/链条完整：共 \d+ 条，没有被改动或删除。/).waitFor();
    for (const action of ['完成初始化', '新建数据源', '添加成员', '吊销 API 密钥', '修改属性的处理方式']) {
      await page.getByRole('cell', { name: action }).first().waitFor();
    }
    expect(await findForeignHeadings(page, 'zh-CN', [brand])).toEqual([]);
    await open(walk, 'settings/jobs');
    await part(page, '近期任务').getByText('导入 1', { exact: true }).first().waitFor();
    await part(page, '近期任务').getByText('已完成').first().waitFor();
    expect(await findNameless(page)).toEqual([]);
  });
}

/** A secret is shown once, with a button that copies it. */
async function copied({ page }: Walk, dialog: ReturnType<Walk['page']['getByRole']>): Promise<string> {
  await dialog.getByRole('button', { name: '复制', exact: true }).click();
  return page.evaluate<string>(readClipboard);
}
