import type { Locale, Role, Scope } from '@zhiyin/contract';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../domain/app-error.ts';
import type { Workspace } from '../domain/workspace.ts';
import type { Actor, SignedIn } from '../trust/index.ts';

/** What the guard found out about a request before its route runs. */
export type Access = {
  readonly actor: Actor;
  /** Null for API keys. */
  readonly signedIn: SignedIn | null;
  readonly workspace: Workspace | null;
  /** Null for API keys: they have scopes, not a role. */
  readonly role: Role | null;
  readonly scopes: ReadonlySet<Scope>;
  readonly locale: Locale;
};

declare module 'fastify' {
  interface FastifyRequest {
    access: Access | null;
  }
}

export function accessOf(request: FastifyRequest): Access {
  if (!request.access) throw new AppError('auth.missing', 'Nobody is signed in.');
  return request.access;
}

export function workspaceOf(request: FastifyRequest): Workspace {
  const { workspace } = accessOf(request);
  if (!workspace) throw new Error(`${request.url} needs a workspace, but its policy gives none`);
  return workspace;
}

export function signedInOf(request: FastifyRequest): SignedIn {
  const { signedIn } = accessOf(request);
  if (!signedIn) throw new AppError('auth.missing', 'Nobody is signed in.', { details: { fix: 'Sign in first.' } });
  return signedIn;
}

/** How people are shown to the one who asks. */
export function viewOf(request: FastifyRequest): { reveal: boolean; locale: Locale } {
  const { scopes, locale } = accessOf(request);
  return { reveal: scopes.has('people:reveal'), locale };
}
