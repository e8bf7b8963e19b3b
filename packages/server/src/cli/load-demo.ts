import { Readable } from 'node:stream';
import { brandName, createMarket, defaultMarketOptions, sendMarket } from '@zhiyin/market';
import { assert } from '../domain/app-error.ts';
import { dayOf } from '../domain/calendar.ts';
import { asWorkspaceId } from '../domain/ids.ts';
import type { Platform } from '../main.ts';
import { insertSource, insertWorkspace, systemActor } from '../trust/index.ts';
import { finishImport, prepareImport } from './import-file.ts';
import { ProgressBar } from './progress-bar.ts';

type DemoFact = { state: 'loading' | 'loaded'; workspaceId: number; seed: number; endDay: string; writeKey: string };

/** The synthetic brand that an empty installation starts with. Loaded once; a load that was cut off goes on where it was. */
export async function loadDemo(platform: Platform, options: { now: Date; seed: number }): Promise<void> {
  const { control } = platform.stores;
  const [kept] = await control.query<{ value: DemoFact }>("select value from platform_facts where name = 'demo'");
  if (kept?.value.state === 'loaded') return;
  const [{ workspaces } = { workspaces: '0' }] = await control.query<{ workspaces: string }>(
    'select count(*) as workspaces from workspaces',
  );
  if (!kept && workspaces !== '0') return;
  const demo = kept?.value ?? (await prepareDemo(platform, options));

  const bar = new ProgressBar('Loading the demo brand');
  const market = createMarket({ ...defaultMarketOptions, seed: demo.seed, endDay: demo.endDay });
  const startedAt = performance.now();
  await sendMarket({
    market,
    url: platform.url,
    writeKey: demo.writeKey,
    fetch,
    importSpend: (csv) => importSpend(platform, demo.workspaceId, csv),
    onProgress: ({ done, total, secondsLeft }) => bar.update(done, total, secondsLeft),
  });
  await platform.idle();
  await setDemoFact(platform, { ...demo, state: 'loaded' });
  bar.end(
    `The demo brand is loaded (${((performance.now() - startedAt) / 1000).toFixed(0)} s): invented people, invented orders, no real data.`,
  );
}

/** Ad spend has no endpoint to push to: it comes as a file, as it does from an ad network's report. */
async function importSpend(platform: Platform, workspaceId: number, csv: string): Promise<void> {
  const workspace = await platform.workspaces.get(asWorkspaceId(workspaceId));
  const bytes = Buffer.from(csv);
  const prepared = await prepareImport(platform, workspace, {
    name: 'ad-spend.csv',
    sizeBytes: bytes.length,
    bytes: Readable.from([bytes]),
    kind: 'spend',
  });
  const ended = await finishImport(platform, workspace, prepared);
  if (ended.state !== 'done') platform.logger.warn({ error: ended.error }, 'demo: ad spend was not imported');
}

/** Workspace, source and the note that a load has begun, all or nothing. */
async function prepareDemo(platform: Platform, options: { now: Date; seed: number }): Promise<DemoFact> {
  const { control, vault } = platform.stores;
  return control.transaction(async (session) => {
    const workspaceId = await insertWorkspace(
      session,
      vault,
      {
        name: brandName,
        timeZone: 'Asia/Shanghai',
        currency: 'CNY',
        locale: 'zh-CN',
        isDemo: true,
      },
      systemActor,
    );
    const sourceId = await insertSource(
      session,
      workspaceId,
      { name: 'Demo shop', kind: 'demo', allowedOrigins: [] },
      systemActor,
    );
    const [source] = await session
      .of(workspaceId)
      .query<{ write_key: string }>('select write_key from sources where workspace_id = $1 and id = $2', [sourceId]);
    assert(source !== undefined, 'the demo source was just made');
    const fact: DemoFact = {
      state: 'loading',
      workspaceId,
      seed: options.seed,
      endDay: dayOf(options.now, 'Asia/Shanghai'),
      writeKey: source.write_key,
    };
    await session.query("insert into platform_facts (name, value) values ('demo', $1)", [JSON.stringify(fact)]);
    return fact;
  });
}

async function setDemoFact(platform: Platform, fact: DemoFact): Promise<void> {
  await platform.stores.control.query("update platform_facts set value = $1, updated_at = now() where name = 'demo'", [
    JSON.stringify(fact),
  ]);
}
