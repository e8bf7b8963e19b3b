export type SnippetKind = 'tag' | 'node' | 'curl' | 'catalogue' | 'reviews';
export type Snippet = { readonly kind: SnippetKind; readonly language: string; readonly code: string };
type SourceKind = 'web' | 'server' | 'app' | 'import' | 'catalogue' | 'demo';
type Input = { readonly kind: SourceKind; readonly writeKey: string; readonly server: string };

/** Where the server hands out the browser SDK. */
export const trackerPath = '/zhiyin.js';

/** What to paste so that a source sends: the most usual way first. */
export function buildSnippets({ kind, writeKey, server }: Input): Snippet[] {
  const host = server.replace(/\/+$/, '');
  const key = asText(writeKey);
  const address = asText(host);
  const tag: Snippet = {
    kind: 'tag',
    language: 'html',
    code: `<script
  src="${escapeAttribute(host)}${trackerPath}"
  data-write-key="${escapeAttribute(writeKey)}"
  async
></script>`,
  };
  const node: Snippet = {
    kind: 'node',
    language: 'js',
    code: `// npm install @segment/analytics-node
import { Analytics } from '@segment/analytics-node';

const analytics = new Analytics({ writeKey: ${key}, host: ${address} });

analytics.track({
  userId: 'u-1001',
  event: 'Order Completed',
  properties: {
    order_id: 'o-1',
    currency: 'CNY',
    products: [{ product_id: 'p-7', name: 'Camellia tea', price: 128, quantity: 2 }],
  },
});
await analytics.closeAndFlush();`,
  };
  const curl: Snippet = {
    kind: 'curl',
    language: 'sh',
    code: curlOf(host, '/v1/track', writeKey, {
      userId: 'u-1001',
      event: 'Product Viewed',
      properties: { product_id: 'p-7', price: 128, currency: 'CNY' },
    }),
  };
  const catalogue: Snippet = {
    kind: 'catalogue',
    language: 'sh',
    code: curlOf(host, '/v1/catalogue', writeKey, {
      upsert: [{ id: 'p-7', name: 'Camellia tea', category: 'Tea', price: 128, currency: 'CNY', stock: 40 }],
      delete: ['p-3'],
    }),
  };
  const reviews: Snippet = {
    kind: 'reviews',
    language: 'sh',
    code: curlOf(host, '/v1/reviews', writeKey, {
      reviews: [{ reviewId: 'r-1', itemId: 'p-7', userId: 'u-1001', rating: 5, text: 'Fresh and soft.' }],
    }),
  };
  if (kind === 'web') return [tag, curl];
  if (kind === 'catalogue') return [catalogue, reviews];
  if (kind === 'app') return [curl, node];
  return [node, curl];
}

function curlOf(host: string, path: string, writeKey: string, body: unknown): string {
  return `curl ${quoteShell(`${host}${path}`)} \\
  --user ${quoteShell(`${writeKey}:`)} \\
  --header 'content-type: application/json' \\
  --data ${quoteShell(JSON.stringify(body, null, 2))}`;
}

/** For a POSIX shell: nothing inside single quotes is looked at, so only the quote itself needs care. */
export const quoteShell = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const asText = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;

const escapeAttribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
