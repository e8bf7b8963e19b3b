import { z } from 'zod';
import { dateSchema, instantSchema, panelSchema } from './basics.ts';

/**
 * GET /api/workspaces/:workspaceId/overview/:panel?from=YYYY-MM-DD&to=YYYY-MM-DD[&granularity]
 *
 * summary     one row: people, active_people, new_people, events, orders, revenue (minor), and each as `previous_…` for the range before
 * activity    date, active_people, new_people, events        by day, week or month
 * revenue     date, orders, revenue, returning_revenue
 * funnel      step, people, rate                              viewed → added → checkout → ordered, within 7 days, in order
 * retention   cohort (week), size, week, people, rate         people first seen in a week, who came back in week n
 * products    item_id, name, category, viewers, buyers, quantity, revenue    top 50 by revenue
 * events      name, events, people                            top 50 by count
 * channels    channel, people, orders, revenue                by utm source/medium of the session's first event
 */
export const overviewPanelNameSchema = z.enum([
  'summary',
  'activity',
  'revenue',
  'funnel',
  'retention',
  'products',
  'events',
  'channels',
]);
export type OverviewPanelName = z.infer<typeof overviewPanelNameSchema>;
export const overviewQuerySchema = z.strictObject({
  from: dateSchema,
  to: dateSchema,
  granularity: z.enum(['day', 'week', 'month']).default('day'),
});
export type OverviewQuery = z.infer<typeof overviewQuerySchema>;
export const overviewPanelSchema = panelSchema;

/** GET …/overview: what range has data, for the first view. */
export const overviewExtentSchema = z.object({
  firstEventAt: instantSchema.nullable(),
  lastEventAt: instantSchema.nullable(),
  events: z.number().int(),
});
export type OverviewExtent = z.infer<typeof overviewExtentSchema>;
