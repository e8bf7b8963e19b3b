import { type Role, roleScopes, type Scope } from '@zhiyin/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../domain/app-error.ts';
import { asWorkspaceId, type WorkspaceId } from '../domain/ids.ts';
import type { ControlStore } from '../storage/control/control-store.ts';
import { findApiKey, findRole, findSession, sameSecret, type WorkspaceDirectory } from '../trust/index.ts';
import type { Access } from './access.ts';
import type { Policy } from './policy.ts';
import { requireSameOrigin } from './same-origin.ts';
import type { SessionCookie } from './session-cookie.ts';

export type GuardOptions = {
  readonly control: ControlStore;
  readonly workspaces: WorkspaceDirectory;
  readonly cookie: SessionCookie;
  readonly publicUrl: string | undefined;
};

const harmlessMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The one hook between the network and every route: who is it, do they belong here, may they do this. Runs before the body is read. */
export function createGuard(options: GuardOptions) {
  return async function guard(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const policy = request.routeOptions.config?.policy;
    // No route was found: the not-found answer is for everybody.
    if (!policy) return;
    const changes = !harmlessMethods.has(request.method);
    if (policy.kind === 'write_key') return;
    if (policy.kind === 'public') {
      // Signing somebody in from another site would be an attack too.
      if (changes) requireSameOrigin(request, options.publicUrl);
      return;
    }
    if (policy.kind === 'metrics' && isLocal(request)) return;
    request.access = await findAccess(request, policy, options, changes);
    // Answers differ by who asks: no cache between here and the browser may keep them.
    reply.header('cache-control', 'no-store');
  };
}

/** Also used by open streams, to notice that somebody lost the right to listen. */
export async function findAccess(
  request: FastifyRequest,
  policy: Exclude<Policy, { kind: 'public' | 'write_key' }>,
  options: GuardOptions,
  changes = false,
): Promise<Access> {
  const bearer = readBearer(request);
  const access =
    bearer === undefined
      ? await findOperator(request, policy, options, changes)
      : await findKeyHolder(request, policy, options, bearer);
  const needed = policy.kind === 'workspace' ? policy.scope : policy.kind === 'metrics' ? 'settings:read' : null;
  if (needed && !access.scopes.has(needed)) throw missingScope(needed, access.role);
  return access;
}

async function findOperator(
  request: FastifyRequest,
  policy: Policy,
  options: GuardOptions,
  changes: boolean,
): Promise<Access> {
  const token = options.cookie.read(request);
  const signedIn = token === undefined ? undefined : await findSession(options.control, token);
  if (!signedIn || policy.kind === 'metrics') {
    throw new AppError('auth.missing', 'This needs somebody signed in or an API key.', {
      details: { fix: 'Sign in, or send "Authorization: Bearer zy_…".' },
    });
  }
  if (changes) {
    requireSameOrigin(request, options.publicUrl);
    requireCsrfToken(request, signedIn.csrfToken);
  }
  const actor = { kind: 'operator', id: signedIn.operatorId } as const;
  const base = { actor, signedIn, locale: signedIn.locale };
  if (policy.kind !== 'workspace') return { ...base, workspace: null, role: null, scopes: new Set() };

  const workspaceId = readWorkspaceId(request);
  const role = await findRole(options.control, workspaceId, signedIn.operatorId);
  if (!role) throw notYourWorkspace(workspaceId);
  const workspace = await options.workspaces.get(workspaceId);
  return { ...base, workspace, role, scopes: new Set(roleScopes[role]) };
}

async function findKeyHolder(
  request: FastifyRequest,
  policy: Policy,
  options: GuardOptions,
  bearer: string,
): Promise<Access> {
  const key = await findApiKey(options.control, bearer);
  if (!key) {
    throw new AppError('auth.invalid', 'This API key is not known or was revoked.', {
      details: { field: 'authorization', fix: 'Make a new key in Settings → API keys.' },
    });
  }
  if (policy.kind === 'operator') {
    throw new AppError('auth.forbidden', 'API keys belong to a workspace; this is about a person.', {
      details: { fix: 'Sign in instead.' },
    });
  }
  const workspace = await options.workspaces.get(key.workspaceId);
  if (policy.kind === 'workspace' && readWorkspaceId(request) !== key.workspaceId) {
    throw notYourWorkspace(readWorkspaceId(request));
  }
  return {
    actor: { kind: 'api_key', id: key.keyId },
    signedIn: null,
    workspace,
    role: null,
    scopes: new Set(key.scopes),
    locale: workspace.locale,
  };
}

function readBearer(request: FastifyRequest): string | undefined {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  return scheme?.toLowerCase() === 'bearer' ? (token ?? '') : undefined;
}

function readWorkspaceId(request: FastifyRequest): WorkspaceId {
  const text = (request.params as { workspaceId?: string }).workspaceId ?? '';
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new AppError('not_found', 'There is no such workspace.', {
      details: { field: 'workspaceId', fix: 'Use the id from GET /api/session.' },
    });
  }
  return asWorkspaceId(Number(text));
}

function requireCsrfToken(request: FastifyRequest, expected: string): void {
  const given = request.headers['x-csrf-token'];
  if (typeof given === 'string' && sameSecret(given, expected)) return;
  throw new AppError('csrf.invalid', 'The request lacks the token of this session.', {
    details: { field: 'x-csrf-token', fix: 'Send csrfToken from GET /api/session as the header X-CSRF-Token.' },
  });
}

/** The same sentence whether it does not exist or is somebody else's. */
function notYourWorkspace(workspaceId: WorkspaceId): AppError {
  return new AppError('not_found', `Workspace ${workspaceId} does not exist, or you are not a member of it.`, {
    details: { field: 'workspaceId', fix: 'GET /api/session lists your workspaces.' },
  });
}

function missingScope(scope: Scope, role: Role | null): AppError {
  const who = role ? `The role ${role}` : 'This API key';
  return new AppError('auth.forbidden', `${who} lacks the scope ${scope}.`, {
    details: { scope, fix: role ? 'Ask an admin for another role.' : 'Make a key with this scope.' },
  });
}

/** A proxy on this machine would make everybody local: then the forwarded header gives it away. */
function isLocal(request: FastifyRequest): boolean {
  const address = request.ip.replace(/^::ffff:/, '');
  if (!(address === '::1' || address.startsWith('127.'))) return false;
  return request.headers['x-forwarded-for'] === undefined && request.headers.forwarded === undefined;
}
