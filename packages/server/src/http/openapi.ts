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
  });
  app.get('/api/openapi.json', { config: { policy: publicPolicy }, schema: { hide: true } }, async (_request, reply) =>
    reply.header('cache-control', 'no-cache').send(app.swagger()),
  );
}

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
