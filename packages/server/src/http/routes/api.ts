import type { IncomingMessage, ServerResponse } from 'node:http';
import { pageOf, problemSchema } from '@zhiyin/contract';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';

/** A Fastify that takes its types from the schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

const numberInPath = z.coerce.number().int().min(1).max(2_147_483_647);
export const workspaceParams = z.object({ workspaceId: numberInPath });
export const withId = <Name extends string>(name: Name) =>
  workspaceParams.extend({ [name]: numberInPath } as Record<Name, typeof numberInPath>);

/** Every answer but the good one is a problem. */
export const problems = { '4xx': problemSchema, '5xx': problemSchema } as const;
export const answers = <Schema extends z.ZodType>(schema: Schema) => ({ 200: schema, ...problems });
export const noContent = { 204: z.null().meta({ description: 'Done' }), ...problems } as const;

/** Short lists come whole, in the shape of a page. */
export const wholeList = <Row>(rows: Row[]) => ({ rows, nextCursor: null, total: rows.length });
export const listOf = <Row extends z.ZodType>(row: Row) => answers(pageOf(row));
