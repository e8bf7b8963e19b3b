import { roleScopes } from '@zhiyin/contract';
import { type FixtureAnswer, fixtureProblem } from './fixture-api.ts';
import { dataRoutes } from './fixture-data.ts';
import { measureRoutes } from './fixture-measure.ts';
import { peopleRoutes } from './fixture-people.ts';
import { settingsRoutes } from './fixture-settings.ts';

const workspaces = (role: 'owner' | 'viewer') =>
  [
    { id: 1, name: '山间茶事', isDemo: true },
    { id: 2, name: 'My brand', isDemo: false },
  ].map((workspace) => ({
    ...workspace,
    role,
    scopes: roleScopes[role],
    timeZone: 'Asia/Shanghai',
    currency: 'CNY',
  }));

const session: FixtureAnswer = ({ state }) =>
  state.signedIn
    ? {
        operator: {
          id: 1,
          email: 'lin@example.com',
          name: '林晓',
          locale: state.locale,
          preferences: state.preferences,
        },
        workspaces: workspaces(state.preferences.theme === 'viewer' ? 'viewer' : 'owner'),
        csrfToken: 'fixture',
        version: '0.1.0',
      }
    : fixtureProblem(401, 'auth.missing', 'Nobody is signed in.');

export const fixtureRoutes: readonly (readonly [RegExp, FixtureAnswer])[] = [
  [/^GET \/session$/, session],
  [
    /^POST \/session$/,
    (call) => {
      const { password } = call.body as { password: string };
      if (password === 'wrong') return fixtureProblem(401, 'auth.invalid', 'E-mail and password do not match.');
      call.state.signedIn = true;
      return session(call);
    },
  ],
  [
    /^DELETE \/session$/,
    ({ state }) => {
      state.signedIn = false;
      return undefined;
    },
  ],
  [
    /^PATCH \/session\/operator$/,
    (call) => {
      const body = call.body as { locale?: 'en' | 'zh-CN'; preferences?: object; password?: { current: string } };
      if (body.password?.current === 'wrong') {
        return fixtureProblem(400, 'input.invalid', 'The current password is not right.', {
          field: 'password.current',
        });
      }
      call.state.locale = body.locale ?? call.state.locale;
      call.state.preferences = { ...call.state.preferences, ...body.preferences };
      return session(call);
    },
  ],
  [/^GET \/setup$/, ({ state }) => ({ needed: !state.setUp, hasDemo: true })],
  [
    /^POST \/setup$/,
    (call) => {
      const { token } = call.body as { token: string };
      if (token === 'wrong') return fixtureProblem(403, 'auth.invalid', 'The set-up token is not right.');
      call.state.setUp = true;
      call.state.signedIn = true;
      return session(call);
    },
  ],
  // For screenshots: `POST /api/fixtures {"setUp":false,"signedIn":false,"locale":"zh-CN"}`.
  [
    /^POST \/fixtures$/,
    ({ body, state }) => {
      Object.assign(state, body);
      return {};
    },
  ],
  ...dataRoutes,
  ...measureRoutes,
  ...peopleRoutes,
  ...settingsRoutes,
];
