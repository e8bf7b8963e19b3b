import type { SasrecShape } from './parameters.ts';

/** What the training saw; nothing of it is needed to score. */
export type SasrecReport = {
  /** Passes over the data that were made, and the one whose parameters were kept. */
  readonly epochs: number;
  readonly bestEpoch: number;
  readonly steps: number;
  /** Of the kept parameters on the held-out cases, among the first 10 of a full ranking. */
  readonly validationHit: number;
  readonly validationNdcg: number;
  readonly validationCases: number;
  /** Mean training loss of each epoch. */
  readonly losses: readonly number[];
  /** ndcg@10 on the held-out cases after each epoch; empty without any. */
  readonly ndcgs: readonly number[];
  /** True where the time budget ended the training or made its steps smaller: then the same seed may give another model. */
  readonly outOfTime: boolean;
};

/** A self-attentive network that says what comes next. */
export type SasrecModel = {
  readonly kind: 'sasrec';
  readonly version: 1;
  /** All parameters in one array; `viewParameters` names its parts. */
  readonly parameters: Float32Array;
  readonly report: SasrecReport;
} & SasrecShape;
