import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { publicPolicy, requirePolicies, workspacePolicy } from './policy.ts';

describe('policies of routes', () => {
  it('refuse a route that does not say who may call it', () => {
    const app = fastify();
    requirePolicies(app, []);
    expect(() => app.get('/api/secrets', async () => 'x')).toThrow('declares no policy');
  });

  it('refuse a scope of a workspace where the path names none', () => {
    const app = fastify();
    requirePolicies(app, []);
    const config = { policy: workspacePolicy('data:read') };
    expect(() => app.get('/api/everything', { config }, async () => 'x')).toThrow('no :workspaceId');
  });

  it('are listed with their routes, for others’ plugins by prefix', () => {
    const app = fastify();
    const routes = requirePolicies(app, [{ prefix: '/v1/', policy: { kind: 'write_key' } }]);
    app.get('/health', { config: { policy: publicPolicy } }, async () => 'x');
    app.post('/v1/track', async () => 'x');
    expect(routes).toContainEqual({ method: 'GET', url: '/health', policy: publicPolicy });
    expect(routes).toContainEqual({ method: 'POST', url: '/v1/track', policy: { kind: 'write_key' } });
  });
});
