import { describe, expect, it } from 'vitest';
import { safeHref } from './safe-href.ts';

describe('addresses from outside', () => {
  it('lets web addresses through', () => {
    expect(safeHref('https://shop.example/p/1')).toBe('https://shop.example/p/1');
  });
  it.each(['javascript:alert(1)', ' JavaScript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', '/p/1', ''])(
    'keeps %j out',
    (address) => {
      expect(safeHref(address)).toBeNull();
    },
  );
});
