export type { Decision, DecisionLedger } from './decision-ledger.ts';
export { openDecisionLedger } from './open-decision-ledger.ts';
