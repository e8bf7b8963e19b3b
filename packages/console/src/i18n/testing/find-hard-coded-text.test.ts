import { expect, it } from 'vitest';
import { findHardCodedText } from './find-hard-coded-text.ts';

it('finds words between tags and in attributes that are read out', () => {
  expect(findHardCodedText('<p className="x">Hello there</p>')).toEqual(['Hello there']);
  expect(findHardCodedText('<p>\n  你好\n</p>')).toEqual(['你好']);
  expect(findHardCodedText('<Button aria-label="Close it" />')).toEqual(['aria-label="Close it"']);
});

it('leaves code, expressions and single signs alone', () => {
  expect(findHardCodedText("<p>{t('a.b')} · {count}</p>")).toEqual([]);
  expect(findHardCodedText('const ok = a < b && c > d; // <b>comment</b>')).toEqual([]);
  expect(findHardCodedText('<Input placeholder="properties.price" />')).toEqual([]);
  expect(findHardCodedText('new Map<string, number>(); const x: Set<string> = y; type A = B<C>;')).toEqual([]);
});
