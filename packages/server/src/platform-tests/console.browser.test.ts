import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { chromiumPath, openBrowser, openWindow, watch } from './console/open-browser.ts';
import type { Walk } from './console/walk.ts';
import { walkEntrance } from './console/walk-entrance.ts';
import { walkFrame } from './console/walk-frame.ts';
import { walkImport } from './console/walk-import.ts';
import { walkOverview } from './console/walk-overview.ts';
import { walkPeople } from './console/walk-people.ts';
import { walkQuarantine } from './console/walk-quarantine.ts';
import { walkSettings } from './console/walk-settings.ts';
import { walkSources } from './console/walk-sources.ts';
import { aDataDir, startPlatformProcess } from './platform-process.ts';

const root = path.resolve(import.meta.dirname, '../../../..');

/** The whole platform as a marketer meets it: one process, one browser, first start to last page. */
describe.skipIf(!chromiumPath)(
  `the console in a browser${chromiumPath ? '' : ' (skipped: install Debian’s chromium)'}`,
  () => {
    const walk = {} as Walk;
    let directory: Awaited<ReturnType<typeof aDataDir>>;

    beforeAll(async () => {
      if (!existsSync(path.join(root, 'packages/console/dist/index.html'))) {
        const built = spawnSync(process.execPath, ['tools/build.mjs'], { cwd: root, encoding: 'utf8' });
        if (built.status !== 0) throw new Error(`the console could not be built\n${built.stdout}${built.stderr}`);
      }
      directory = await aDataDir();
      walk.platform = await startPlatformProcess({ dataDir: directory.dir });
      walk.browser = await openBrowser();
      walk.window = await openWindow(walk.browser);
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

    walkEntrance(walk);
    walkSources(walk);
    walkImport(walk);
    walkOverview(walk);
    walkQuarantine(walk);
    walkPeople(walk);
    walkSettings(walk);
    walkFrame(walk);
  },
);
