import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asProfileId, type IdentityId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { openTestStores, type TestStores } from '../../storage/testing.ts';
import { systemActor } from '../../trust/index.ts';
import { createAudienceStage } from '../audience-stage.ts';
import { followLiveTraits, readComputedTraits, runDefinition } from '../computed-traits/index.ts';
import { runExport } from '../destinations/index.ts';
import { signBatch } from '../destinations/send-batch.ts';
import { runChange, runUpload } from './index.ts';

let stores: TestStores;
let workspace: Workspace;
let stage: ReturnType<typeof createAudienceStage>;
let deps: Parameters<typeof createAudienceStage>[0];
const sent: { name: string; data: Record<string, unknown> }[] = [];
const act = {
  actor: systemActor,
  audit: async () => undefined,
  jobs: {
    send: async (name: string, data: Record<string, unknown>) => {
      sent.push({ name, data });
      return `job-${sent.length}`;
    },
    cancel: async () => undefined,
  },
};
const run = { attempt: 1, signal: new AbortController().signal, progress: () => undefined };
const view = { reveal: true, locale: 'en' } as const;

beforeAll(async () => {
  stores = await openTestStores();
  const id = await stores.newWorkspace({ currency: 'CNY', timeZone: 'Asia/Shanghai' });
  workspace = { id, name: 'Test', timeZone: 'Asia/Shanghai', currency: 'CNY', locale: 'en' } as Workspace;
  const { dataDir, events } = stores.config;
  deps = {
    uploadDir: `${dataDir}/uploads`,
    exportDir: `${dataDir}/exports`,
    importDir: events.importDir,
    diskReserveBytes: 0,
    engineReadsFiles: true,
  };
  stage = createAudienceStage(deps);
  for (const email of people) await meet(email);
});
afterAll(() => stores?.close());

const people = ['li@example.com', 'wang@example.com', 'zhao@example.com'];
const idOf: Record<string, IdentityId> = {};

/** Somebody with an e-mail, two views and an order. */
async function meet(email: string): Promise<void> {
  const vault = await stores.vault.of(workspace.id);
  const identityId = vault.surrogate('email', email);
  idOf[email] = identityId;
  await stores.control.transaction((session) =>
    vault.remember(session, [{ identityId, kind: 'email', value: email, firstSeenAt: new Date() }], []),
  );
  const at = new Date(Date.now() - 3 * 86_400_000).toISOString();
  const base = { workspace_id: workspace.id, identity_id: identityId, source_id: 1, occurred_at: at, received_at: at };
  const price = people.indexOf(email) * 10 + 10;
  await stores.events.append(
    'events',
    ['tea', 'tea', 'cup'].map((category, i) => ({
      ...base,
      message_key: `00000000-0000-4000-8000-${String(people.indexOf(email) * 10 + i).padStart(12, '0')}`,
      type: 'track',
      name: 'product_viewed',
      properties: { category, price },
      context: {},
      repairs: [],
      import_id: 0,
    })),
    `events-${email}`,
  );
  await stores.events.append(
    'order_lines',
    [
      {
        ...base,
        line_key: `00000000-0000-4000-9000-${String(people.indexOf(email)).padStart(12, '0')}`,
        order_id: `o-${email}`,
        kind: 'sale',
        item_id: 'i1',
        item_name: 'Green tea',
        category: 'tea',
        quantity: '2',
        unit_price: '5',
        amount_minor: price * 100,
        currency: 'CNY',
        import_id: 0,
      },
    ],
    `orders-${email}`,
  );
}

const tagsOf = async (email: string) =>
  (await stage.getPersonAudience(stores, workspace, idOf[email]!)).tags.map(({ tag }) => tag);

describe('tags', () => {
  it('are put on people, taken away, and undone without touching who had them before', async () => {
    const add = (emails: string[]) =>
      stage.changeTag(
        stores,
        workspace,
        { tag: 'vip', action: 'add', people: { profileIds: emails.map((email) => idOf[email]!) } },
        act,
      );
    expect((await add(['li@example.com'])).people).toBe(1);
    const second = await add(['li@example.com', 'wang@example.com']);
    expect(second.people).toBe(1);
    expect(await stage.listTags(stores, workspace)).toMatchObject([{ tag: 'vip', people: 2 }]);
    await stage.undo(stores, workspace, second.id, act);
    expect(await tagsOf('li@example.com')).toEqual(['vip']);
    expect(await tagsOf('wang@example.com')).toEqual([]);
    await expect(stage.undo(stores, workspace, second.id, act)).rejects.toThrow('undone already');
  });

  it('follow a person who becomes part of another', async () => {
    const link = (profile: string, version: number) =>
      stores.events.append(
        'profile_links',
        [{ workspace_id: workspace.id, identity_id: idOf['li@example.com'], profile_id: profile, version }],
        `link-${version}`,
      );
    await link(idOf['zhao@example.com']!, 1);
    await stores.control
      .of(workspace.id)
      .query('insert into profile_links (workspace_id, identity_id, profile_id, version) values ($1, $2, $3, 1)', [
        idOf['li@example.com']!,
        idOf['zhao@example.com']!,
      ]);
    expect(await tagsOf('zhao@example.com')).toEqual(['vip']);
    await link(idOf['li@example.com']!, 2);
    await stores.control.of(workspace.id).query('delete from profile_links where workspace_id = $1');
    expect(await tagsOf('zhao@example.com')).toEqual([]);
  });
});

describe('lists', () => {
  it('take the people of a GBK file, count whom they find, and keep unknown identifiers until their people come', async () => {
    const list = await stage.createList(stores, workspace, { name: '老客户', description: '' }, act);
    const upload = await stage.createUpload(stores, workspace, list.id, '名单.csv', act);
    // 邮箱,备注 in GBK.
    const head = Buffer.from([0xd3, 0xca, 0xcf, 0xe4, 0x2c, 0xb1, 0xb8, 0xd7, 0xa2, 0x0a]);
    const rows = ['LI@example.com,a', 'wang@example.com,b', 'li@example.com,c', 'new@example.com,d', 'nobody,e'].join(
      '\n',
    );
    const received = await stage.receiveUpload(
      stores,
      workspace,
      upload.id,
      Readable.from([Buffer.concat([head, Buffer.from(rows)])]),
      act,
    );
    expect(received.detected).toMatchObject({ encoding: 'gb18030' });
    expect(received.detected?.columns[0]).toMatchObject({ name: '邮箱', field: 'email' });
    await stage.startUpload(stores, workspace, upload.id, { 邮箱: 'email' }, act);
    await runUpload(stores, deps, workspace, upload.id, run);
    const done = await stage.getUpload(stores, workspace, upload.id);
    expect(done.report).toEqual({ rows: 5, matched: 2, duplicates: 1, unmatched: 1, empty: 1, emptyRows: [5] });
    expect(await stage.getList(stores, workspace, list.id)).toMatchObject({ people: 2, waiting: 1 });
    people.push('new@example.com');
    await meet('new@example.com');
    expect(await stage.getList(stores, workspace, list.id)).toMatchObject({ people: 3, waiting: 0 });
    const members = await stage.listMembers(stores, workspace, list.id, { limit: 2 }, view);
    expect(members.rows).toHaveLength(2);
    expect(members.nextCursor).not.toBeNull();
  });

  it('give their people a tag by a job, and are put away and brought back', async () => {
    const [list] = await stage.listLists(stores, workspace, { state: 'active' });
    const change = await stage.changeTag(
      stores,
      workspace,
      { tag: 'old', action: 'add', people: { listId: list!.id } },
      act,
    );
    expect(change.state).toBe('running');
    await runChange(stores, workspace, change.id, run);
    expect((await stage.listChanges(stores, workspace, { tag: 'old', limit: 5 })).rows).toMatchObject([
      { people: 3, state: 'done', source: { kind: 'list', name: '老客户' } },
    ]);
    expect((await stage.archiveList(stores, workspace, list!.id, true, act)).state).toBe('archived');
    expect(await stage.listLists(stores, workspace, { state: 'active' })).toEqual([]);
    await stage.archiveList(stores, workspace, list!.id, false, act);
  });
});

describe('computed traits of the brand’s own', () => {
  const define = async (
    name: string,
    definition: Parameters<typeof stage.createComputedTrait>[2]['definition'],
    live = false,
  ) => {
    const refresh = live ? ({ kind: 'live' } as const) : ({ kind: 'scheduled', everyHours: 24 } as const);
    const trait = await stage.createComputedTrait(stores, workspace, { name, title: name, definition, refresh }, act);
    await runDefinition(stores, workspace, trait.id!, run);
    const found = await readComputedTraits(stores, workspace.id, asProfileId(idOf['wang@example.com']!));
    return found.find((one) => one.name === name)?.value;
  };
  const events = { kind: 'events', event: 'product_viewed', where: [], window: { kind: 'ever' } } as const;

  it.each([
    ['count', { ...events, aggregate: { of: 'count' } }, 3],
    ['average', { ...events, aggregate: { of: 'average', property: 'price' } }, 20],
    ['favourite', { ...events, aggregate: { of: 'most_frequent', property: 'category' } }, 'tea'],
    ['distinct', { ...events, aggregate: { of: 'distinct', property: 'category' } }, 2],
    ['since', { ...events, aggregate: { of: 'days_since_last' } }, 3],
    ['recent', { ...events, window: { kind: 'last', amount: 1, unit: 'days' }, aggregate: { of: 'count' } }, undefined],
    [
      'cups',
      { ...events, where: [{ property: 'category', test: { op: 'is', value: 'cup' } }], aggregate: { of: 'count' } },
      1,
    ],
    ['spent', { kind: 'purchases', aggregate: 'spent', window: { kind: 'ever' } }, 20],
    ['category', { kind: 'purchases', aggregate: 'favourite_category', window: { kind: 'ever' } }, 'tea'],
    [
      'sql',
      {
        kind: 'sql',
        sql: 'SELECT profile_id, countIf(name = {{}}) AS value FROM @person_events GROUP BY profile_id'.replace(
          '{{}}',
          "'product_viewed'",
        ),
      },
      3,
    ],
  ] as const)('%s', async (name, definition, value) => {
    expect(await define(`own_${name}`, definition as never)).toBe(value);
  });

  it.each([
    ['a table by its own name', 'SELECT profile_id, 1 AS value FROM events', /Read @person_events/],
    [
      'a broken question',
      'SELECT profile_id, nonsense(1) AS value FROM @person_events GROUP BY profile_id',
      /nonsense/,
    ],
    [
      'its own limits',
      'SELECT profile_id, 1 AS value FROM @person_events GROUP BY profile_id SETTINGS max_threads = 64',
      /SETTINGS/,
    ],
    ['rows without a person', 'SELECT count() AS value FROM @person_events', /profile_id/],
    ['several rows a person', 'SELECT profile_id, 1 AS value FROM @person_events', /rows for one person/],
  ])('refuse %s by name', async (_, sql, words) => {
    const tried = stage.previewComputedTrait(stores, workspace, { kind: 'sql', sql }, view);
    const error = await tried.then(
      () => null,
      (cause: { message: string; details: { field: string; fix: string } }) => cause,
    );
    expect(error?.details.field).toBe('definition.sql');
    expect(`${error?.message} ${error?.details.fix}`).toMatch(words);
  });

  it('show whom they would give what before they are kept', async () => {
    const preview = await stage.previewComputedTrait(
      stores,
      workspace,
      { ...events, where: [], aggregate: { of: 'count' } },
      view,
    );
    expect(preview.people).toBe(4);
    expect(preview.sample[0]).toMatchObject({
      value: 3,
      person: { displayName: expect.stringContaining('@example.com') },
    });
  });

  it('follow what happens within seconds when they are live', async () => {
    await define('live_views', { ...events, where: [], aggregate: { of: 'count' } }, true);
    const follower = followLiveTraits({
      stores,
      workspaceOf: async () => workspace,
      logger: { warn: () => undefined },
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const at = new Date().toISOString();
    await stores.events.append(
      'events',
      [
        {
          workspace_id: workspace.id,
          identity_id: idOf['wang@example.com'],
          source_id: 1,
          message_key: '00000000-0000-4000-8000-0000000000ff',
          type: 'track',
          name: 'product_viewed',
          occurred_at: at,
          received_at: at,
          properties: {},
          context: {},
          repairs: [],
          import_id: 0,
        },
      ],
      'live',
    );
    await expect
      .poll(
        async () =>
          (await readComputedTraits(stores, workspace.id, asProfileId(idOf['wang@example.com']!))).find(
            (one) => one.name === 'live_views',
          )?.value,
        { timeout: 8_000 },
      )
      .toBe(4);
    await follower.stop();
  });

  it('are listed with what their values are like, and deleted with them', async () => {
    const traits = await stage.listComputedTraits(stores, workspace);
    const count = traits.find((trait) => trait.name === 'own_count')!;
    expect(count).toMatchObject({ people: 4, type: 'number', min: 3, max: 3, error: null });
    expect(traits.find((trait) => trait.name === 'own_favourite')?.values).toEqual([{ value: 'tea', people: 4 }]);
    await stage.deleteComputedTrait(stores, workspace, count.id!, act);
    expect((await stage.listComputedTraits(stores, workspace)).some((trait) => trait.name === 'own_count')).toBe(false);
  });
});

describe('exports', () => {
  const listId = async () => (await stage.listLists(stores, workspace, { state: 'active' }))[0]!.id;
  const textOf = async (body: Readable) => Buffer.concat(await body.toArray()).toString('utf8');

  it('write CSV with the columns that were chosen, and identifiers only for those who may see them', async () => {
    const create = {
      listId: await listId(),
      to: { format: 'csv' as const },
      columns: ['email', 'revenue', 'tags', 'computed:own_favourite'] as ('email' | 'revenue' | 'tags')[],
    };
    await expect(stage.createExport(stores, workspace, create, { reveal: false }, act)).rejects.toThrow(
      'show who people are',
    );
    const { id } = await stage.createExport(stores, workspace, create, view, act);
    await runExport(stores, deps, workspace, id, run);
    expect(await stage.getExport(stores, workspace, id)).toMatchObject({ state: 'done', rowsDone: 3, of: '老客户' });
    await expect(stage.openExportFile(stores, workspace, id, { reveal: false })).rejects.toThrow('show who people are');
    const text = await textOf((await stage.openExportFile(stores, workspace, id, view)).body);
    const lines = text.trimEnd().split('\r\n');
    expect(lines[0]).toBe('\uFEFFemail,revenue,tags,computed:own_favourite');
    expect(lines.slice(1).toSorted()).toEqual([
      'li@example.com,10,old; vip,tea',
      'new@example.com,40,old,tea',
      'wang@example.com,20,old,tea',
    ]);
  });

  it('write Parquet by the engine', async () => {
    const create = {
      listId: await listId(),
      to: { format: 'parquet' as const },
      columns: ['profile_id' as const, 'orders' as const],
    };
    const { id } = await stage.createExport(stores, workspace, create, view, act);
    await runExport(stores, deps, workspace, id, run);
    const file = await stage.openExportFile(stores, workspace, id, view);
    expect((await file.body.toArray()).join('').slice(0, 4)).toBe('PAR1');
  });

  it('send signed batches to a webhook, again after it was busy, and name what it refuses', async () => {
    const got: { body: string; signature: string; timestamp: string; batch: string }[] = [];
    let busy = 1;
    await using hook = await listen((body, headers) => {
      if (busy > 0) {
        busy -= 1;
        return 503;
      }
      got.push({
        body,
        signature: String(headers['zhiyin-signature']),
        timestamp: String(headers['zhiyin-timestamp']),
        batch: String(headers['zhiyin-batch']),
      });
      return body.includes('"type":"test"') ? 410 : 200;
    });
    const made = await stage.createDestination(stores, workspace, { kind: 'webhook', name: 'CRM', url: hook.url }, act);
    const to = { format: 'destination' as const, destinationId: made.id };
    const create = { listId: await listId(), to, columns: ['profile_id' as const] };
    const { id } = await stage.createExport(stores, workspace, create, view, act);
    await runExport(stores, deps, workspace, id, run);
    expect(await stage.getExport(stores, workspace, id)).toMatchObject({ state: 'done', rowsDone: 3 });
    expect(got).toHaveLength(1);
    expect(got[0]!.signature).toBe(`v1=${signBatch(made.secret!, got[0]!.timestamp, got[0]!.body)}`);
    expect(JSON.parse(got[0]!.body).rows).toHaveLength(3);
    const tested = await stage.testDestination(stores, workspace, made.id);
    expect(tested).toMatchObject({ ok: false, said: 'CRM: answered 410' });
    expect((await stage.listDestinations(stores, workspace))[0]).not.toHaveProperty('secret');
  });
});

async function listen(answer: (body: string, headers: Record<string, unknown>) => number) {
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => {
      body += piece;
    });
    request.on('end', () => {
      response.statusCode = answer(body, request.headers);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
