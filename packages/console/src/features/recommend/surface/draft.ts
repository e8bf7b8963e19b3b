import { type Surface, type SurfaceUpdate, surfaceUpdateSchema } from '@zhiyin/contract';

/** What of a surface can be edited. */
export function toUpdate(surface: Surface): SurfaceUpdate {
  const { name, kind, enabled, isPublic, k, chain, rules, experiment } = surface;
  return { name, kind, enabled, isPublic, k, chain, rules, experiment };
}

/** Parts of a surface, in the order of the editor. A change of any is one line of "what changed". */
export type DraftPart = Exclude<keyof SurfaceUpdate, 'rules'> | `rules.${keyof SurfaceUpdate['rules']}`;

/** Which parts differ from what is saved. */
export function listChanges(saved: SurfaceUpdate, draft: SurfaceUpdate): DraftPart[] {
  const differs = (a: unknown, b: unknown) => JSON.stringify(a) !== JSON.stringify(b);
  const parts = (Object.keys(saved) as (keyof SurfaceUpdate)[])
    .filter((key) => key !== 'rules')
    .filter((key) => differs(saved[key], draft[key])) as DraftPart[];
  const rules = (Object.keys(saved.rules) as (keyof SurfaceUpdate['rules'])[])
    .filter((key) => differs(saved.rules[key], draft.rules[key]))
    .map((key) => `rules.${key}` as const);
  return [...parts, ...rules];
}

export type DraftProblem = {
  /** Where it stands: `k`, `rules.pins.2`. */
  readonly at: string;
  readonly code:
    | 'nameMissing'
    | 'chainEmpty'
    | 'numberOutside'
    | 'conditionEmpty'
    | 'priceTurned'
    | 'sharesOver'
    | 'stockTurned'
    | 'pinItem'
    | 'pinTwice'
    | 'pinPlaceTwice'
    | 'pinBeyond'
    | 'boostTarget'
    | 'armNames'
    | 'armShares'
    | 'experimentName'
    | 'other';
  readonly detail?: string;
};

/** What has to be mended before the draft can be saved or previewed; nothing that the server would accept. */
export function findProblems(draft: SurfaceUpdate): DraftProblem[] {
  const { rules, experiment } = draft;
  const problems: DraftProblem[] = [];
  if (!draft.name.trim()) problems.push({ at: 'name', code: 'nameMissing' });
  if (draft.chain.length === 0) problems.push({ at: 'chain', code: 'chainEmpty' });
  const { atLeast, atMost } = rules.priceToCart;
  if (atLeast !== null && atMost !== null && atLeast > atMost) {
    problems.push({ at: 'rules.priceToCart', code: 'priceTurned' });
  }
  const { stock, exposure } = rules;
  if (stock.scarceDays >= stock.ampleDays) problems.push({ at: 'rules.stock', code: 'stockTurned' });
  const shared = Object.values(exposure.shares).reduce((sum, share) => sum + share, 0);
  if (shared > 1 + 1e-9) problems.push({ at: 'rules.exposure', code: 'sharesOver' });
  rules.conditions.forEach((condition, at) => {
    const needsValues = condition.is !== 'exists';
    if (!condition.attribute || (needsValues && condition.values.length === 0)) {
      problems.push({ at: `rules.conditions.${at}`, code: 'conditionEmpty' });
    }
  });
  rules.pins.forEach((pin, at) => {
    const before = rules.pins.slice(0, at);
    if (!pin.itemId) problems.push({ at: `rules.pins.${at}`, code: 'pinItem' });
    else if (before.some((other) => other.itemId === pin.itemId)) {
      problems.push({ at: `rules.pins.${at}`, code: 'pinTwice' });
    } else if (before.some((other) => other.place === pin.place)) {
      problems.push({ at: `rules.pins.${at}`, code: 'pinPlaceTwice' });
    } else if (pin.place > draft.k) problems.push({ at: `rules.pins.${at}`, code: 'pinBeyond' });
  });
  rules.boosts.forEach((boost, at) => {
    const { condition } = boost;
    const hasCondition = condition?.attribute && (condition.is === 'exists' || condition.values.length > 0);
    if (!boost.itemId && !hasCondition) problems.push({ at: `rules.boosts.${at}`, code: 'boostTarget' });
  });
  if (experiment) {
    const names = experiment.arms.map((arm) => arm.name.trim());
    if (!experiment.name.trim()) problems.push({ at: 'experiment.name', code: 'experimentName' });
    if (names.some((name) => !name) || new Set(names).size < names.length) {
      problems.push({ at: 'experiment.arms', code: 'armNames' });
    }
    const total = experiment.arms.reduce((sum, arm) => sum + arm.share, 0);
    if (Math.abs(total - 1) > 1e-6) problems.push({ at: 'experiment.arms', code: 'armShares' });
  }
  if (problems.length > 0) return problems;
  const parsed = surfaceUpdateSchema.safeParse(draft);
  return parsed.success
    ? []
    : parsed.error.issues.map((issue) => ({
        at: issue.path.join('.'),
        code: issue.code === 'too_big' || issue.code === 'too_small' ? 'numberOutside' : 'other',
        detail: issue.message,
      }));
}
