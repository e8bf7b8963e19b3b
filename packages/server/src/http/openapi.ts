import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { publicPolicy } from './policy.ts';

/** The description of the API, made of the schemas that check it, and a page to read and try it. Registered before the routes. */
export async function registerOpenApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Zhiyin API',
        version,
        description:
          'Everything the console does. Programs send `Authorization: Bearer zy_…` with an API key of a workspace. ' +
          'Errors are problem details (RFC 9457) with a stable `code`, the `field` at fault and a `fix`.',
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'API key of a workspace: zy_…' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'zhiyin_session',
            description: 'Cookie of the console; changes also need X-CSRF-Token',
          },
        },
      },
      tags: [],
    },
    hideUntagged: true,
    transform: describeRoute,
    // Schemas with an id, such as the rule of a segment, stand once in the document; they may name themselves.
    transformObject: createJsonSchemaTransformObject({}),
  });
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    staticCSP: false,
    uiConfig: { docExpansion: 'none', url: '/api/openapi.json', persistAuthorization: false },
    logo: { type: 'image/svg+xml', content: Buffer.from(mark), href: '/' },
    theme: {
      title: 'Zhiyin API',
      favicon: [{ filename: 'mark.svg', rel: 'icon', type: 'image/svg+xml', sizes: 'any', content: mark }],
    },
  });
  app.get('/api/openapi.json', { config: { policy: publicPolicy }, schema: { hide: true } }, async (_request, reply) =>
    reply.header('cache-control', 'no-cache').send(app.swagger()),
  );
}

/** The mark of the console, with its name: light on the page's dark head. */
const mark =
  '<svg xmlns="http://www.w3.org/2000/svg" width="150" height="32" viewBox="0 0 150 32"><rect width="32" height="32" rx="7" fill="#2F4B7C"/><path d="M9 8v16M16 11v10M23 6v20" stroke="#FAF8F4" stroke-width="2.4" stroke-linecap="round"/><circle cx="16" cy="16" r="2.6" fill="#E5B457"/><text x="42" y="22" font-family="sans-serif" font-size="17" font-weight="600" fill="#FAF8F4">知音 Zhiyin</text></svg>';

const transform = createJsonSchemaTransform({});

/** Adds what the policy says: who may call it and with which scope. */
const describeRoute: typeof transform = (input) => {
  const described = transform(input);
  const policy = input.route.config?.policy;
  if (!described.schema || !policy || policy.kind === 'public') return described;
  const scope = policy.kind === 'workspace' ? policy.scope : undefined;
  const says = (described.schema as { description?: string }).description;
  return {
    ...described,
    schema: {
      ...described.schema,
      description: [says, scope && `Needs the scope \`${scope}\`.`].filter(Boolean).join(' ') || undefined,
      security: policy.kind === 'operator' ? [{ session: [] }] : [{ apiKey: [] }, { session: [] }],
    } as typeof described.schema,
  };
};
