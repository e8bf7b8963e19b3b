import { fixtureRoutes } from './fixture-routes.ts';

/** The cookie-less session of the fixtures lives as long as the process. */
export interface FixtureState {
  signedIn: boolean;
  setUp: boolean;
  /** Workspace 2 is empty: every empty state can be seen there. */
  preferences: Record<string, unknown>;
  locale: 'en' | 'zh-CN';
}
const state: FixtureState = { signedIn: true, setUp: true, preferences: { workspaceId: 1 }, locale: 'en' };

export type FixtureAnswer = (call: {
  match: RegExpMatchArray;
  query: URLSearchParams;
  body: unknown;
  state: FixtureState;
  isEmpty: boolean;
}) => unknown;

/** Development only: answers the API's paths from made-up data, so that pages can be worked on without a server. */
export async function answerFixture(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const text = request.method === 'GET' ? '' : await request.text();
  const body = parse(text);
  const call = `${request.method} ${url.pathname.replace(/^\/api/, '')}`;
  for (const [pattern, answer] of fixtureRoutes) {
    const match = call.match(pattern);
    if (!match) continue;
    const isEmpty = url.pathname.includes('/workspaces/2');
    const result = answer({ match, query: url.searchParams, body, state, isEmpty });
    if (result instanceof Response) return result;
    return result === undefined ? new Response(null, { status: 204 }) : Response.json(result);
  }
  return fixtureProblem(404, 'not_found', `No fixture for ${call}`);
}

export const fixtureProblem = (status: number, code: string, detail: string, extra: object = {}) =>
  Response.json(
    { type: 'about:blank', title: code, status, detail, code, instance: 'req-7f3a91', ...extra },
    { status, headers: { 'content-type': 'application/problem+json' } },
  );

/** Files are sent as they are: nothing to parse. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
