import type { PredictionSaid } from '@zhiyin/contract';

/** There is too little to learn from: an answer, not a failure. Nothing serves, and the reason is shown. */
export class Refusal extends Error {
  readonly said: PredictionSaid;

  constructor(said: PredictionSaid) {
    super(`prediction refused: ${said.code}`);
    this.said = said;
  }
}
