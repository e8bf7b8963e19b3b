import { z } from 'zod';
import { currencySchema, localeSchema, roleSchema, scopeSchema, timeZoneSchema } from './basics.ts';

export const passwordSchema = z.string().min(10, 'must have at least 10 characters').max(256);
const emailSchema = z.email().max(254);

/** GET /api/setup */
export const setupStateSchema = z.object({ needed: z.boolean(), hasDemo: z.boolean() });
export type SetupState = z.infer<typeof setupStateSchema>;

/** POST /api/setup: makes the owner and signs in. The token is printed at start and in data/setup-token. */
export const setupRequestSchema = z.strictObject({
  token: z.string().min(1),
  email: emailSchema,
  name: z.string().trim().min(1).max(120),
  password: passwordSchema,
  locale: localeSchema.default('en'),
  /** A workspace of one's own beside the demo. Optional: it can be made later. */
  workspace: z
    .strictObject({ name: z.string().trim().min(1).max(120), timeZone: timeZoneSchema, currency: currencySchema })
    .optional(),
});
export type SetupRequest = z.infer<typeof setupRequestSchema>;

/** POST /api/session */
export const signInRequestSchema = z.strictObject({ email: emailSchema, password: z.string().max(256) });
export type SignInRequest = z.infer<typeof signInRequestSchema>;

export const preferencesSchema = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']).optional(),
  /** Colour of a rise: Western green, Chinese red; `locale` follows the language. */
  riseColour: z.enum(['locale', 'green', 'red']).optional(),
  workspaceId: z.number().int().optional(),
});

/** GET /api/session, and the answer of POST /api/setup and POST /api/session */
export const sessionSchema = z.object({
  operator: z.object({
    id: z.number().int(),
    email: z.string(),
    name: z.string(),
    locale: localeSchema,
    preferences: preferencesSchema,
  }),
  workspaces: z.array(
    z.object({
      id: z.number().int(),
      name: z.string(),
      role: roleSchema,
      scopes: z.array(scopeSchema),
      timeZone: z.string(),
      currency: z.string(),
      isDemo: z.boolean(),
    }),
  ),
  /** Sent back as `X-CSRF-Token` with every request that changes something. */
  csrfToken: z.string(),
  version: z.string(),
});
export type Session = z.infer<typeof sessionSchema>;
export type SessionWorkspace = Session['workspaces'][number];

/** PATCH /api/session/operator */
export const operatorUpdateSchema = z.strictObject({
  name: z.string().trim().min(1).max(120).optional(),
  locale: localeSchema.optional(),
  preferences: preferencesSchema.optional(),
  /** Changing the password ends all other sessions. */
  password: z.strictObject({ current: z.string(), next: passwordSchema }).optional(),
});
export type OperatorUpdate = z.infer<typeof operatorUpdateSchema>;
