import { z } from 'zod';
export const featureWordsSchema = z.object({ en: z.string(), 'zh-CN': z.string() });
export type FeatureWords = z.infer<typeof featureWordsSchema>;
