import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { configKeys, parseConfig } from './config.ts';
import { AppError } from './domain/app-error.ts';

const root = path.resolve(import.meta.dirname, '../../..');

describe('the configuration', () => {
  it('works with an empty environment', () => {
    const config = parseConfig({}, '/srv/zhiyin');
    expect(config.dataDir).toBe('/srv/zhiyin/data');
    expect(config.collect.durability).toBe('power');
    expect(config.events.url).toBeUndefined();
  });

  it('takes an empty variable as not set', () => {
    expect(parseConfig({ ZHIYIN_PORT: '' }).http.port).toBe(parseConfig({}).http.port);
  });

  it('names each wrong variable, what it got and what it is for', () => {
    expect(() => parseConfig({ ZHIYIN_PORT: 'eighty', ZHIYIN_DURABILITY: 'maybe' })).toThrow(AppError);
    expect(() => parseConfig({ ZHIYIN_PORT: 'eighty', ZHIYIN_DURABILITY: 'maybe' })).toThrow(
      /ZHIYIN_PORT=eighty[\s\S]*ZHIYIN_DURABILITY=maybe/,
    );
  });

  it('does not repeat a secret in its complaint', () => {
    expect(() => parseConfig({ ZHIYIN_MASTER_KEY: 'hunter2' })).not.toThrow(/hunter2/);
    expect(() => parseConfig({ DATABASE_URL: 'mysql://root:hunter2@db/x' })).not.toThrow(/hunter2/);
  });

  it('refuses a cluster without an address', () => {
    expect(() => parseConfig({ CLICKHOUSE_CLUSTER: 'main' })).toThrow(/CLICKHOUSE_URL/);
  });

  it.each(['.env.example', 'docs/configuration.md'])('is described key by key in %s', (file) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    const missing = Object.entries(configKeys).filter(
      ([name, key]) => !text.includes(name) || !text.includes(key.says),
    );
    expect(missing.map(([name]) => name)).toEqual([]);
    const unknown = [...text.matchAll(/\b((?:ZHIYIN|CLICKHOUSE|DATABASE)_[A-Z_]+)\b/g)]
      .map((match) => match[1] ?? '')
      .filter((name) => !(name in configKeys));
    expect(unknown).toEqual([]);
  });
});
