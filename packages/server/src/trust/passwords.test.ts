import { describe, expect, it } from 'vitest';
import { isCommonPassword } from './common-passwords.ts';
import { createPasswords, defaultCost } from './passwords.ts';

const cheap = { logN: 8, r: 8, p: 1 };

describe('passwords', () => {
  it('cost scrypt with N=2^17, r=8, p=1 unless told otherwise', async () => {
    expect(defaultCost).toEqual({ logN: 17, r: 8, p: 1 });
    const stored = await createPasswords().hash('bright-orange-kettle');
    expect(stored).toMatch(/^scrypt\$17\$8\$1\$/);
    expect(await createPasswords({ cost: cheap }).verify('bright-orange-kettle', stored)).toBe(true);
  });

  it('verify the right one and no other, with a salt of their own', async () => {
    const passwords = createPasswords({ cost: cheap });
    const [first, second] = await Promise.all([passwords.hash('bright-orange'), passwords.hash('bright-orange')]);
    expect(first).not.toBe(second);
    expect(await passwords.verify('bright-orange', first)).toBe(true);
    expect(await passwords.verify('bright-orangf', first)).toBe(false);
    expect(await passwords.verify('bright-orange', 'not a hash')).toBe(false);
  });

  it('take as long for somebody unknown as for somebody known', async () => {
    const passwords = createPasswords({ cost: { logN: 15, r: 8, p: 1 } });
    const stored = await passwords.hash('bright-orange-kettle');
    const time = async (hash: string | null) => {
      const started = performance.now();
      expect(await passwords.verify('something-else', hash)).toBe(false);
      return performance.now() - started;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    for (let i = 0; i < 7; i++) {
      known.push(await time(stored));
      unknown.push(await time(null));
    }
    const middle = (values: number[]) => values.sort((a, b) => a - b)[3] ?? 0;
    expect(middle(unknown) / middle(known)).toBeGreaterThan(0.5);
    expect(middle(unknown) / middle(known)).toBeLessThan(2);
  });

  it('are hashed two at a time, and refused when too many wait', async () => {
    const passwords = createPasswords({ cost: cheap, atOnce: 2, waitingMax: 3 });
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => passwords.verify('x', null)));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(5);
    const refused = results.find((result) => result.status === 'rejected');
    expect(refused?.reason).toMatchObject({ code: 'overload' });
    expect(await passwords.verify('x', null)).toBe(false);
  });

  it('are refused when everybody would try them first', async () => {
    for (const common of [
      'Password1234',
      '1234567890',
      'aaaaaaaaaaaa',
      'woaini1314520',
      'qwertyuiop',
      'abcabcabcabc',
    ]) {
      expect(isCommonPassword(common), common).toBe(true);
    }
    for (const good of ['bright-orange-kettle', '我爱喝龙井茶一杯两杯', 'x7#kfP2mQz91']) {
      expect(isCommonPassword(good), good).toBe(false);
    }
    await expect(createPasswords({ cost: cheap }).hash('Password1234')).rejects.toMatchObject({
      code: 'input.invalid',
      details: { field: 'password' },
    });
  });
});
