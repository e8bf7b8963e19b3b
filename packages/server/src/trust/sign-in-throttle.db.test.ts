import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSignInThrottle } from './sign-in-throttle.ts';
import { openTestControl, type TestControl } from './testing/open-test-control.ts';

describe('throttle of sign-ins', () => {
  let stores: TestControl;
  beforeAll(async () => {
    stores = await openTestControl();
  });
  beforeEach(() => stores.control.query('delete from sign_in_failures'));
  afterAll(() => stores?.close());

  const throttleOf = (attemptsMax = 3) => createSignInThrottle(stores.control, attemptsMax);
  const wait = (minutes: number) =>
    stores.control.query('update sign_in_failures set until = until - make_interval(mins => $1)', [minutes]);
  const overload = { code: 'overload' };

  it('stops an address after its failures and lets it go on a quarter of an hour later', async () => {
    const throttle = throttleOf();
    for (let i = 0; i < 3; i++) await throttle.failed('10.0.0.1', `${i}@example.com`);
    await expect(throttle.check('10.0.0.1', 'new@example.com')).rejects.toMatchObject(overload);
    await throttle.check('10.0.0.2', 'new@example.com');
    await wait(15);
    await throttle.check('10.0.0.1', 'new@example.com');
    await throttle.failed('10.0.0.1', 'new@example.com');
    await throttle.check('10.0.0.1', 'new@example.com');
  });

  it('has one count for all server processes, also for failures at the same moment', async () => {
    const [one, other] = [throttleOf(20), throttleOf(20)];
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 ? one : other).failed('10.0.0.1', `${i % 3}@example.com`)),
    );
    await expect(one.check('10.0.0.1', 'new@example.com')).rejects.toMatchObject(overload);
    await expect(other.check('10.0.0.1', 'new@example.com')).rejects.toMatchObject(overload);
    const [row] = await stores.control.query<{ failures: number }>(
      'select max(failures) as failures from sign_in_failures',
    );
    expect(row?.failures).toBe(20);
  });

  it('stops tries at one account from many addresses', async () => {
    const throttle = throttleOf();
    for (let i = 0; i < 9; i++) await throttle.failed(`10.0.1.${i}`, 'li@example.com');
    await expect(throttle.check('10.9.9.9', 'LI@example.com ')).rejects.toMatchObject(overload);
  });

  it('keeps the count of an address when it signs in to an account it knows', async () => {
    const throttle = throttleOf();
    for (let i = 0; i < 3; i++) {
      await throttle.failed('10.0.0.1', 'victim@example.com');
      await throttle.succeeded('10.0.0.1', 'mine@example.com');
    }
    await expect(throttle.check('10.0.0.1', 'victim@example.com')).rejects.toMatchObject(overload);
  });

  it('takes an IPv6 household for one address', async () => {
    const throttle = throttleOf();
    for (let i = 0; i < 3; i++) await throttle.failed(`2001:db8:1:2::${i}`, `${i}@example.com`);
    await expect(throttle.check('2001:db8:1:2:aaaa::1', 'x@example.com')).rejects.toMatchObject(overload);
  });

  it('says when to try again, keeps neither address nor account in clear, and removes what is over', async () => {
    const throttle = throttleOf(1);
    await throttle.failed('10.0.0.1', 'a@example.com');
    await wait(5);
    const error = await throttle.check('10.0.0.1', 'b@example.com').catch((cause: unknown) => cause);
    expect(error).toMatchObject({
      details: { retryAfterSeconds: expect.toSatisfy((n: number) => n > 590 && n <= 600) },
    });
    const kept = await stores.control.query<{ key: string }>('select key from sign_in_failures');
    expect(JSON.stringify(kept)).not.toMatch(/10\.0\.0\.1|example/);
    await wait(15);
    await throttle.failed('10.0.0.9', 'c@example.com');
    expect(await stores.control.query('select key from sign_in_failures')).toHaveLength(2);
  });
});
