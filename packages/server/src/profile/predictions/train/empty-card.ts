import type { PredictionCard } from '@zhiyin/contract';

/** A card on which nothing stands yet. */
export const emptyCard: Omit<
  PredictionCard,
  'method' | 'baseline' | 'earnsItsPlace' | 'verdict' | 'data' | 'fitSeconds'
> = {
  candidates: [],
  plain: [],
  test: null,
  testBaseline: null,
  gains: [],
  calibration: [],
  effects: [],
  leaks: [],
  limits: [],
  classes: [],
  lifetime: null,
  levels: null,
};
