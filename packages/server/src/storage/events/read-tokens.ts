/** Pieces of a SQL text: enough to tell names from strings and comments, no more. */
export type Token = {
  readonly kind: 'word' | 'name' | 'table' | 'parameter' | 'string' | 'symbol' | 'space';
  readonly text: string;
};

// In order: blanks and comments, strings, quoted names, `{name:Type}`, `@table`, words (with numbers), anything else.
const pattern =
  /(\s+|--[^\n]*|#![^\n]*|\/\*[\s\S]*?\*\/)|('(?:[^'\\]|\\[\s\S]|'')*')|("(?:[^"\\]|\\[\s\S]|"")*"|`(?:[^`\\]|\\[\s\S]|``)*`)|(\{\s*[A-Za-z_]\w*\s*:[^}]*\})|(@[A-Za-z_]\w*)|([A-Za-z_0-9][\w$]*)|([\s\S])/g;

export function readTokens(sql: string): Token[] {
  const tokens: Token[] = [];
  for (const match of sql.matchAll(pattern)) {
    const text = match[0];
    const kind =
      match[1] !== undefined
        ? 'space'
        : match[2] !== undefined
          ? 'string'
          : match[3] !== undefined
            ? 'name'
            : match[4] !== undefined
              ? 'parameter'
              : match[5] !== undefined
                ? 'table'
                : match[6] !== undefined
                  ? 'word'
                  : 'symbol';
    tokens.push({ kind, text });
  }
  return tokens;
}
