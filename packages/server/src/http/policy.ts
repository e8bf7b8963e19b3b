import type { Scope } from '@zhiyin/contract';
import type { FastifyInstance, RouteOptions } from 'fastify';

/** Who may call a route. Each route declares one; a route without one does not register. */
export type Policy =
  /** Anybody: set-up, sign-in, probes, the console's files. */
  | { readonly kind: 'public' }
  /** Checks its own key, as the collect endpoints do. */
  | { readonly kind: 'write_key' }
  /** Whoever is signed in, whatever their workspaces. API keys belong to a workspace and may not. */
  | { readonly kind: 'operator' }
  /** Members of the workspace in the path, or its API keys, with this scope. */
  | { readonly kind: 'workspace'; readonly scope: Scope }
  /** Programs on this machine; from elsewhere an API key with `settings:read`. */
  | { readonly kind: 'metrics' };

declare module 'fastify' {
  interface FastifyContextConfig {
    policy?: Policy;
  }
}

export const publicPolicy: Policy = { kind: 'public' };
export const operatorPolicy: Policy = { kind: 'operator' };
export const workspacePolicy = (scope: Scope): Policy => ({ kind: 'workspace', scope });

export type DeclaredRoute = { readonly method: string; readonly url: string; readonly policy: Policy };

/**
 * Refuses routes that do not say who may call them, and keeps the list for 405 answers and tests.
 * `elsewhere` names the prefixes of plugins whose routes we do not write ourselves.
 */
export function requirePolicies(
  app: FastifyInstance,
  elsewhere: readonly { prefix: string; policy: Policy }[],
): readonly DeclaredRoute[] {
  const routes: DeclaredRoute[] = [];
  app.addHook('onRoute', (route: RouteOptions) => {
    const policy = route.config?.policy ?? elsewhere.find(({ prefix }) => route.url.startsWith(prefix))?.policy;
    if (!policy) throw new Error(`route ${String(route.method)} ${route.url} declares no policy (config.policy)`);
    if (policy.kind === 'workspace' && !route.url.includes('/workspaces/:workspaceId')) {
      throw new Error(`route ${route.url} asks for a workspace's scope but has no :workspaceId`);
    }
    route.config = { ...route.config, policy };
    for (const method of [route.method].flat()) routes.push({ method, url: route.url, policy });
  });
  declared.set(app, routes);
  return routes;
}

const declared = new WeakMap<FastifyInstance, readonly DeclaredRoute[]>();

/** All routes of a server and who may call them: for tests that try each. */
export function declaredRoutes(app: FastifyInstance): readonly DeclaredRoute[] {
  return declared.get(app) ?? [];
}
