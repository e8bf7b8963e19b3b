import { z } from 'zod';

/** Limits of the collect endpoints, as Segment states them. */
export const collectLimits = {
  eventBytesMax: 32 * 1024,
  batchBytesMax: 500 * 1024,
  batchEventsMax: 2_500,
  /** Nesting beyond this is refused before anything looks inside. */
  depthMax: 32,
  /** Unpacked size of a compressed body. */
  inflatedBytesMax: 500 * 1024,
} as const;

export const collectAnswerSchema = z.object({ success: z.literal(true) });

/** POST /v1/catalogue (Basic auth with the write key of a source): upserts and deletes, up to 1,000 at a time. */
export const catalogueItemSchema = z.looseObject({
  id: z.union([z.string().min(1).max(200), z.number()]),
  name: z.string().max(1_000).optional(),
  description: z.string().max(20_000).optional(),
  category: z.string().max(300).optional(),
  brand: z.string().max(200).optional(),
  price: z.number().min(0).nullable().optional().meta({ description: 'In the major unit: 12.5' }),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  url: z.string().max(2_000).optional(),
  imageUrl: z.string().max(2_000).optional(),
  stock: z.number().int().nullable().optional(),
  attributes: z.record(z.string(), z.unknown()).optional(),
});
export const catalogueRequestSchema = z.strictObject({
  upsert: z.array(catalogueItemSchema).max(1_000).default([]),
  delete: z
    .array(z.union([z.string(), z.number()]))
    .max(1_000)
    .default([]),
  writeKey: z.string().optional(),
});
export const catalogueAnswerSchema = z.object({ upserted: z.number().int(), deleted: z.number().int() });

/** POST /v1/reviews: reviews and feedback, up to 1,000 at a time. The same reviewId again replaces. */
export const reviewInputSchema = z.strictObject({
  reviewId: z.string().min(1).max(200).optional(),
  itemId: z.string().max(200).optional(),
  userId: z.string().max(200).optional(),
  anonymousId: z.string().max(200).optional(),
  email: z.email().optional(),
  rating: z.number().min(1).max(5).nullable().optional(),
  title: z.string().max(1_000).optional(),
  text: z.string().min(1).max(20_000),
  language: z.string().max(20).optional(),
  timestamp: z.iso.datetime({ offset: true }).optional(),
});
export const reviewsRequestSchema = z.strictObject({
  reviews: z.array(reviewInputSchema).min(1).max(1_000),
  writeKey: z.string().optional(),
});
export const reviewsAnswerSchema = z.object({ accepted: z.number().int() });
