import { describe, expect, it } from 'vitest';
import { createSignInThrottle } from './sign-in-throttle.ts';

const setUp = (attemptsMax = 3) => {
  let at = 0;
  const throttle = createSignInThrottle(attemptsMax, () => at);
  return { throttle, wait: (ms: number) => (at += ms) };
};
const overload = expect.objectContaining({ code: 'overload' });

describe('throttle of sign-ins', () => {
  it('stops an address after its failures and lets it go on a quarter of an hour later', () => {
    const { throttle, wait } = setUp();
    for (let i = 0; i < 3; i++) throttle.failed('10.0.0.1', `${i}@example.com`);
    expect(() => throttle.check('10.0.0.1', 'new@example.com')).toThrow(overload);
    expect(() => throttle.check('10.0.0.2', 'new@example.com')).not.toThrow();
    wait(15 * 60_000);
    expect(() => throttle.check('10.0.0.1', 'new@example.com')).not.toThrow();
  });

  it('stops tries at one account from many addresses', () => {
    const { throttle } = setUp();
    for (let i = 0; i < 9; i++) throttle.failed(`10.0.1.${i}`, 'li@example.com');
    expect(() => throttle.check('10.9.9.9', 'LI@example.com ')).toThrow(overload);
  });

  it('keeps the count of an address when it signs in to an account it knows', () => {
    const { throttle } = setUp();
    for (let i = 0; i < 3; i++) {
      throttle.failed('10.0.0.1', 'victim@example.com');
      throttle.succeeded('10.0.0.1', 'mine@example.com');
    }
    expect(() => throttle.check('10.0.0.1', 'victim@example.com')).toThrow(overload);
  });

  it('takes an IPv6 household for one address', () => {
    const { throttle } = setUp();
    for (let i = 0; i < 3; i++) throttle.failed(`2001:db8:1:2::${i}`, `${i}@example.com`);
    expect(() => throttle.check('2001:db8:1:2:aaaa::1', 'x@example.com')).toThrow(overload);
  });

  it('says when to try again', () => {
    const { throttle, wait } = setUp(1);
    throttle.failed('10.0.0.1', 'a@example.com');
    wait(5 * 60_000);
    expect(() => throttle.check('10.0.0.1', 'b@example.com')).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ retryAfterSeconds: 600 }) }),
    );
  });
});
