import { describe, expect, it } from 'vitest';
import { basic, collectApp } from './collect-fixtures.ts';
import { toMinorUnits } from './minor-units.ts';

async function push(url: string, payload: unknown) {
  const collect = await collectApp();
  const headers = { authorization: basic('key') };
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const answer = await collect.app.inject({ method: 'POST', url, payload: text, headers });
  return { answer, body: answer.json(), ...collect };
}

describe('POST /v1/catalogue', () => {
  it('stores whole items, with prices in minor units and what is not in the schema as attributes', async () => {
    const { answer, body, rows } = await push('/v1/catalogue', {
      upsert: [
        { id: 12, name: '龙井', price: 12.5, colour: 'green', attributes: { weight: 50 } },
        { id: 'b', price: 1200, currency: 'JPY', stock: 3 },
      ],
      delete: ['old'],
    });
    expect(answer.statusCode).toBe(200);
    expect(body).toEqual({ upserted: 2, deleted: 1 });
    expect(rows).toMatchObject([
      {
        workspace_id: 3,
        item_id: '12',
        price_minor: 1250,
        currency: 'CNY',
        attributes: { colour: 'green', weight: 50 },
      },
      { item_id: 'b', price_minor: 1200, currency: 'JPY', stock: 3, deleted: 0 },
      { item_id: 'old', deleted: 1, name: '' },
    ]);
    expect(rows[0]?.updated_at).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/);
  });

  it('gives later requests higher versions, also within a millisecond', async () => {
    const collect = await collectApp({ now: () => new Date('2026-01-01T00:00:00Z') });
    for (let index = 0; index < 3; index += 1) {
      await collect.app.inject({
        method: 'POST',
        url: '/v1/catalogue',
        payload: '{"upsert":[{"id":"a"}]}',
        headers: { authorization: basic('key') },
      });
    }
    const versions = collect.rows.map((row) => row.version as number);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(new Set(versions).size).toBe(3);
  });

  it.each([
    [{ upsert: [{ id: 'a' }, { id: 'b', price: 'cheap' }] }, 'upsert[1].price'],
    [{ upsert: [{ name: 'no id' }] }, 'upsert[0].id'],
    [{ upsert: [{ id: 'a', currency: 'yuan' }] }, 'upsert[0].currency'],
    [{ upsert: [{ id: 'a', price: 1e300 }] }, 'upsert[0].price'],
    [{ upsert: [{ id: 'a', price: -1 }] }, 'upsert[0].price'],
    [{ upsert: 'all' }, 'upsert'],
    [{ upserts: [] }, 'upserts'],
    ['{"upsert":[{"id":"a","attributes":{"__proto__":{"admin":1}}}]}', 'upsert[0].attributes.__proto__'],
    ['[]', 'body'],
  ])('refuses %j, naming the field, and stores nothing', async (payload, field) => {
    const { answer, body, rows } = await push('/v1/catalogue', payload);
    expect(answer.statusCode).toBe(400);
    expect(body).toMatchObject({ field, fix: expect.any(String) });
    expect(rows).toEqual([]);
  });
});

describe('POST /v1/reviews', () => {
  it('journals the body as it came, with the number of reviews', async () => {
    const payload = { reviews: [{ text: '很好喝', rating: 5, itemId: '12' }, { text: 'fine' }] };
    const { answer, body, records } = await push('/v1/reviews', payload);
    expect(answer.statusCode).toBe(200);
    expect(body).toEqual({ accepted: 2 });
    expect(records).toMatchObject([{ kind: 'reviews', count: 2 }]);
    expect(JSON.parse(records[0]?.body.toString() ?? '')).toEqual(payload);
  });

  it.each([
    [{ reviews: [{ text: 'ok' }, { text: 'x', rating: 9 }] }, 'reviews[1].rating'],
    [{ reviews: [{ rating: 5 }] }, 'reviews[0].text'],
    [{ reviews: [{ text: 'x', stars: 5 }] }, 'reviews[0].stars'],
    [{ reviews: [] }, 'reviews'],
  ])('refuses %j, naming the field, and keeps nothing', async (payload, field) => {
    const { answer, body, records } = await push('/v1/reviews', payload);
    expect(answer.statusCode).toBe(400);
    expect(body).toMatchObject({ field });
    expect(records).toEqual([]);
  });
});

describe('toMinorUnits', () => {
  it.each([
    [12.5, 'CNY', 1250],
    [1.005, 'USD', 101],
    [0.1 + 0.2, 'EUR', 30],
    [1200, 'JPY', 1200],
    [1.2345, 'KWD', 1235],
    [1e-7, 'USD', 0],
    [1e21, 'USD', undefined],
  ])('%d %s is %s', (amount, currency, minor) => {
    expect(toMinorUnits(amount, currency)).toBe(minor);
  });
});
