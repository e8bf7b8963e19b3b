import type { ApiKey, AuditEntry, Job, Member, Property, Workspace } from '@zhiyin/contract';
import { type FixtureAnswer, fixtureProblem } from './fixture-api.ts';

const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const page = (rows: readonly unknown[]) => ({ rows, nextCursor: null, total: rows.length });

const workspace: Workspace = {
  id: 1,
  name: '山间茶事',
  timeZone: 'Asia/Shanghai',
  currency: 'CNY',
  locale: 'zh-CN',
  isDemo: true,
  createdAt: ago(3_000),
  settings: {
    maskFreeText: true,
    phoneCountry: 'CN',
    oldestEventDays: 3_650,
    identifiersPerProfileMax: 50,
    mergesPerProfileMax: 100,
  },
};
const members: Member[] = [
  { operatorId: 1, email: 'lin@example.com', name: '林晓', role: 'owner', joinedAt: ago(3_000), lastSeenAt: ago(0.1) },
  {
    operatorId: 2,
    email: 'emma@example.com',
    name: 'Emma Clarke',
    role: 'marketer',
    joinedAt: ago(900),
    lastSeenAt: ago(30),
  },
  { operatorId: 3, email: 'chen@example.com', name: '', role: 'analyst', joinedAt: ago(24), lastSeenAt: null },
];
const keys: ApiKey[] = [
  {
    id: 1,
    name: 'Nightly export',
    prefix: 'zk_a1b2',
    scopes: ['data:read', 'people:read'],
    createdAt: ago(900),
    lastUsedAt: ago(5),
    revokedAt: null,
  },
  {
    id: 2,
    name: 'Old CRM',
    prefix: 'zk_99fe',
    scopes: ['data:write'],
    createdAt: ago(2_000),
    lastUsedAt: null,
    revokedAt: ago(100),
  },
];
const audit: AuditEntry[] = [
  ['source.create', 'operator', '林晓', 'source', '3', { kind: 'web', name: '官网商城' }],
  ['api_key.create', 'operator', '林晓', 'api_key', '1', { scopes: ['data:read'] }],
  ['member.add', 'operator', '林晓', 'operator', '2', { role: 'marketer', isNew: true }],
  ['person.unmerge', 'operator', 'Emma Clarke', 'person', '5200000000000', {}],
  ['quarantine.replay', 'api_key', 'Nightly export', 'quarantine', '', { records: 214 }],
  ['job.retry', 'system', '', 'job', 'b1', {}],
].map(([action, kind, name, targetKind, id, details], n) => ({
  id: String(900 - n),
  at: ago(n * 9 + 1),
  actor: { kind, id: kind === 'system' ? null : 1, name } as AuditEntry['actor'],
  action: action as string,
  target: { kind: targetKind as string, id: id as string },
  details: details as Record<string, unknown>,
}));
const jobs: Job[] = (
  [
    ['import', 'active', 'import 12', null],
    ['replay-quarantine', 'retry', 'quarantine', 'ClickHouse did not answer in 5000 ms'],
    ['import', 'completed', 'import 11', null],
    ['import', 'failed', 'import 10', 'column price: 14 rows are not numbers'],
    ['backup', 'cancelled', 'backup', null],
  ] as const
).map(([name, state, subject, error], n) => ({
  id: `0000000${n}-0000-4000-8000-000000000000`,
  name,
  state,
  attempts: n === 1 ? 2 : 1,
  attemptsMax: 5,
  createdAt: ago(n * 3 + 0.3),
  startedAt: ago(n * 3 + 0.29),
  endedAt: n > 1 ? ago(n * 3 + 0.2) : null,
  nextAttemptAt: n === 1 ? ago(-0.1) : null,
  error,
  subject,
}));
const properties: Property[] = [
  {
    property: 'traits.email',
    class: 'email',
    action: 'vault',
    decidedHere: false,
    valueType: 'text',
    records: 20_412,
    lastSeenAt: ago(1),
  },
  {
    property: 'traits.phone',
    class: 'phone',
    action: 'vault',
    decidedHere: false,
    valueType: 'text',
    records: 18_002,
    lastSeenAt: ago(1),
  },
  {
    property: 'properties.receiver_address',
    class: 'address',
    action: 'remove',
    decidedHere: true,
    valueType: 'text',
    records: 912,
    lastSeenAt: ago(3),
  },
  {
    property: 'properties.comment',
    class: 'none',
    action: 'mask',
    decidedHere: false,
    valueType: 'text',
    records: 4_821,
    lastSeenAt: ago(2),
  },
  {
    property: 'context.ip',
    class: 'ip_address',
    action: 'remove',
    decidedHere: false,
    valueType: 'text',
    records: 480_211,
    lastSeenAt: ago(0.1),
  },
];

const at = (path: string) => new RegExp(`^${path}$`);
const inWorkspace = (method: string, rest: string) => at(`${method} \\/workspaces\\/\\d+${rest}`);

export const settingsRoutes: readonly (readonly [RegExp, FixtureAnswer])[] = [
  [
    inWorkspace('GET', ''),
    ({ isEmpty }) => ({ ...workspace, ...(isEmpty ? { id: 2, name: 'My brand', isDemo: false } : {}) }),
  ],
  [inWorkspace('PATCH', ''), ({ body }) => ({ ...workspace, ...(body as object), settings: workspace.settings })],
  [at('POST \\/workspaces'), ({ body }) => ({ ...workspace, id: 2, ...(body as object) })],
  [inWorkspace('GET', '\\/members'), ({ isEmpty }) => page(isEmpty ? members.slice(0, 1) : members)],
  [
    inWorkspace('POST', '\\/members'),
    ({ body }) => {
      const { email, role } = body as { email: string; role: Member['role'] };
      if (email === 'emma@example.com') {
        return fixtureProblem(409, 'conflict', 'This person is a member already.', {
          field: 'email',
          fix: 'Change their role in the list.',
        });
      }
      return { member: { ...members[2]!, email, role }, firstPassword: 'quiet-river-mountain-42' };
    },
  ],
  [inWorkspace('PATCH', '\\/members\\/\\d+'), ({ body }) => ({ ...members[1]!, ...(body as object) })],
  [inWorkspace('DELETE', '\\/members\\/\\d+'), () => undefined],
  [inWorkspace('GET', '\\/api-keys'), ({ isEmpty }) => page(isEmpty ? [] : keys)],
  [
    inWorkspace('POST', '\\/api-keys'),
    ({ body }) => ({ key: { ...keys[0]!, ...(body as object) }, secret: 'zk_a1b2_0123456789abcdef0123456789abcdef' }),
  ],
  [inWorkspace('DELETE', '\\/api-keys\\/\\d+'), () => undefined],
  [
    inWorkspace('GET', '\\/audit'),
    ({ query, isEmpty }) =>
      page(isEmpty ? [] : audit.filter(({ action }) => action.startsWith(query.get('action') ?? ''))),
  ],
  [inWorkspace('GET', '\\/audit\\/verify'), () => ({ entries: 1_284, brokenAt: null })],
  [
    inWorkspace('GET', '\\/jobs'),
    ({ isEmpty }) => ({
      rows: isEmpty ? [] : jobs,
      nextCursor: null,
      schedules: [
        {
          name: 'forget-old-keys',
          cron: '15 3 * * *',
          timeZone: 'UTC',
          says: 'Forgets message ids older than the window',
        },
      ],
    }),
  ],
  [inWorkspace('POST', '\\/jobs\\/[^/]+\\/(cancel|retry)'), () => undefined],
  [inWorkspace('GET', '\\/properties'), ({ isEmpty }) => page(isEmpty ? [] : properties)],
  [
    inWorkspace('PATCH', '\\/properties'),
    ({ body }) => ({ ...properties[0]!, ...(body as object), decidedHere: true }),
  ],
];
