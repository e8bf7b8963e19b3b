import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestServer, type TestServer } from './testing/open-test-server.ts';

describe('files of the console', () => {
  const consoleDir = mkdtempSync(path.join(tmpdir(), 'zhiyin-console-'));
  let server: TestServer;
  beforeAll(async () => {
    mkdirSync(path.join(consoleDir, 'assets'));
    writeFileSync(path.join(consoleDir, 'index.html'), '<title>Console</title>');
    writeFileSync(path.join(consoleDir, 'assets/app-4f2a9c.js'), 'export {}');
    server = await openTestServer({ consoleDir });
  });
  afterAll(async () => {
    await server?.close();
    rmSync(consoleDir, { recursive: true, force: true });
  });

  it('are kept for good when their name has a hash, and asked for every time when not', async () => {
    const asset = await server.app.inject({ url: '/assets/app-4f2a9c.js' });
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const page = await server.app.inject({ url: '/' });
    expect(page.headers['cache-control']).toBe('no-cache');
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
  });

  it('answer with the console for every address that could be a page, and with 404 for the rest', async () => {
    for (const url of ['/', '/people/5', '/settings/api-keys?tab=1']) {
      expect((await server.app.inject({ url })).body, url).toContain('Console');
    }
    for (const url of ['/assets/gone.js', '/api/gone', '/v1/gone', '/..%2f..%2fetc%2fpasswd.txt']) {
      expect((await server.app.inject({ url })).statusCode, url).toBeGreaterThanOrEqual(400);
    }
  });

  it('say how to build them when they are not there', async () => {
    const bare = await openTestServer();
    const page = await bare.app.inject({ url: '/people' });
    expect(page.statusCode).toBe(503);
    expect(page.body).toContain('npm run build');
    await bare.close();
  });
});
