import type { z } from 'zod';

/** Half-open ranges of days: an end before the start is a mistake, not an empty answer. */
export const rangeIsOrdered = <Schema extends z.ZodType<{ from: string; to: string }>>(schema: Schema) =>
  schema.refine(({ from, to }) => from < to, {
    path: ['to'],
    message: 'must be after "from"; the range holds "from" and ends before "to"',
  });
