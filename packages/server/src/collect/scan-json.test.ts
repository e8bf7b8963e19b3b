import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanJson } from './scan-json.ts';

const limits = { depthMax: 200, eventBytesMax: 32 * 1024 };
const scan = (text: string, given = limits) => scanJson(Buffer.from(text), given);

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('scanJson', () => {
  it('accepts exactly what JSON.parse accepts: values, and values with one place changed', () => {
    const spoilt = fc
      .tuple(
        fc.oneof(
          fc.json(),
          fc.record({ batch: fc.array(fc.jsonValue()), writeKey: fc.string() }).map((value) => JSON.stringify(value)),
        ),
        fc.nat(),
        fc.constantFrom(
          '"',
          '\\',
          '{',
          '}',
          '[',
          ']',
          ',',
          ':',
          '0',
          '-',
          '.',
          'e',
          'u',
          ' ',
          '\n',
          '\u0001',
          '1',
          't',
          '',
        ),
        fc.boolean(),
      )
      .map(([text, place, mark, replaces]) => {
        const at = place % (text.length + 1);
        return text.slice(0, at) + mark + text.slice(replaces ? at + 1 : at);
      });
    fc.assert(
      fc.property(fc.oneof(fc.json(), spoilt), (text) => {
        expect(scan(text).kind === 'json').toBe(parses(text));
      }),
      { numRuns: 5_000 },
    );
  });

  it('accepts exactly what JSON.parse accepts: texts made of JSON pieces', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"batch"',
      '0',
      '-1.5e+3',
      '01',
      '1.',
      'true',
      'nul',
      ' ',
      '"\\u00e9"',
      '"\\x"',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 9 }), (parts) => {
        const text = parts.join('');
        expect(scan(text).kind === 'json').toBe(parses(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it('counts the elements of the batch that JSON.parse would see', () => {
    const key = fc.constantFrom('batch', 'Batch', 'b\\u0061tch', 'other', 'writeKey');
    const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.array(fc.jsonValue({ maxDepth: 2 })), fc.string());
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value), { maxLength: 5 }), (entries) => {
        const text = `{${entries.map(([name, json]) => `"${name}": ${JSON.stringify(json)}`).join(' , ')}}`;
        const parsed = JSON.parse(text) as { batch?: unknown; writeKey?: unknown };
        expect(scan(text)).toMatchObject({
          kind: 'json',
          batchCount: Array.isArray(parsed.batch) ? parsed.batch.length : null,
          writeKey: typeof parsed.writeKey === 'string' ? parsed.writeKey : null,
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it('names the first event over the limit, and not one that is exactly at it', () => {
    const event = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;
    const at = { depthMax: 32, eventBytesMax: 100 };
    expect(scan(`{"batch":[${event(100)}, ${event(100)} ]}`, at)).toMatchObject({ oversized: null });
    expect(scan(`{"batch":[1, ${event(101)},${event(300)}]}`, at)).toMatchObject({
      oversized: { index: 1, bytes: 101 },
    });
    expect(scan(`{"batch":[{"a":[${event(98)}]}]}`, at)).toMatchObject({ oversized: { index: 0 } });
    expect(scan(`{"other":[${event(300)}]}`, at)).toMatchObject({ oversized: null });
  });

  it('stops at the depth limit, however deep the body goes', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    const at = { depthMax: 32, eventBytesMax: 100 };
    expect(scan(nested(32), at).kind).toBe('json');
    expect(scan(nested(33), at)).toEqual({ kind: 'too_deep', offset: 32 });
    expect(scan('['.repeat(400_000), at).kind).toBe('too_deep');
  });

  it('says at which byte it went wrong', () => {
    expect(scan('{"a":1,}')).toEqual({ kind: 'invalid', offset: 7, problem: 'unexpected "}" at byte 7' });
    expect(scan('{"a":')).toMatchObject({ problem: 'the body ends too early' });
    expect(scan('')).toMatchObject({ problem: 'the body ends too early' });
    expect(scan('\ufeff{}')).toMatchObject({ problem: 'unexpected 0xef at byte 0' });
  });
});
