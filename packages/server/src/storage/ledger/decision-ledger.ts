import type { Json } from '../../domain/events.ts';
import type { ProfileId, WorkspaceId } from '../../domain/ids.ts';

/** One thing Zhiyin chose for a person: a recommendation, message, variant, bid or answer. */
export type Decision = {
  readonly workspaceId: WorkspaceId;
  /** UUID, made before the act, so that an act can be repeated without a second decision. */
  readonly decisionId: string;
  readonly profileId: ProfileId;
  readonly decidedAt: Date;
  /** Where it shows: `home`, `email:welcome`, … */
  readonly surface: string;
  /** What was chosen: an item id, a message id, `none`. */
  readonly action: string;
  /** What else could have been chosen, with scores in the same order. */
  readonly candidates: readonly string[];
  readonly scores: readonly number[];
  readonly model: string;
  readonly modelVersion: string;
  /** Probability with which this action was chosen, in (0, 1]. */
  readonly propensity: number;
  readonly experiment: string;
  readonly arm: string;
  readonly reasons: readonly Json[];
  readonly consentBasis: string;
  readonly policyChecks: readonly Json[];
};

export interface DecisionLedger {
  /** Durable when it returns; the same decisionId again adds nothing. */
  write(decisions: readonly Decision[]): Promise<void>;
  list(
    workspaceId: WorkspaceId,
    filter: { profileId?: ProfileId; surface?: string; before?: Date; limit: number },
  ): Promise<Decision[]>;
}
