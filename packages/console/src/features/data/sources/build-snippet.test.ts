import { describe, expect, it } from 'vitest';
import { buildSnippets, quoteShell } from './build-snippet.ts';

const input = { writeKey: 'wk_1', server: 'https://zhiyin.example.com/' };

describe('what to paste for a source', () => {
  it('gives a website a script tag with the key and the address of this server', () => {
    const [first] = buildSnippets({ ...input, kind: 'web' });
    expect(first?.kind).toBe('tag');
    expect(first?.code).toContain('src="https://zhiyin.example.com/zhiyin.js"');
    expect(first?.code).toContain('data-write-key="wk_1"');
  });

  it('gives a server the Segment library and curl', () => {
    const snippets = buildSnippets({ ...input, kind: 'server' });
    expect(snippets.map(({ kind }) => kind)).toEqual(['node', 'curl']);
    expect(snippets[0]?.code).toContain("host: 'https://zhiyin.example.com'");
  });

  it('gives a catalogue the push of items and reviews', () => {
    const snippets = buildSnippets({ ...input, kind: 'catalogue' });
    expect(snippets.map(({ kind }) => kind)).toEqual(['catalogue', 'reviews']);
  });

  it('writes curl bodies that are JSON', () => {
    for (const kind of ['server', 'catalogue'] as const) {
      for (const { code, language } of buildSnippets({ ...input, kind })) {
        if (language !== 'sh') continue;
        const body = /--data '([\s\S]*)'$/.exec(code)?.[1] ?? '';
        expect(() => JSON.parse(body)).not.toThrow();
      }
    }
  });

  it('does not let a quote in a key leave its place', () => {
    expect(quoteShell("a'; rm -rf /")).toBe(`'a'\\''; rm -rf /'`);
    const odd = buildSnippets({ kind: 'web', server: 'https://x', writeKey: '"><script>' });
    expect(odd[0]?.code).not.toContain('"><script>');
    const node = buildSnippets({ kind: 'server', server: 'https://x', writeKey: "a', evil: '" })[0];
    expect(node?.code).toContain("writeKey: 'a\\', evil: \\''");
  });
});
