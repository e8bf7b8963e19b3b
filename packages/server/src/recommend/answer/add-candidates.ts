import type { Candidate, Question } from './question.ts';

/** Candidates of a group with a share, per place it can claim: some will fall to caps. */
const perClaim = 2;

/**
 * What rules ask for and the chain did not find: items that are due again, and enough of every group with a least share. They stand
 * below what the chain found.
 */
export function addCandidates(question: Question, candidates: Candidate[]): Candidate[] {
  const { due, surface } = question;
  const shares = Object.values(surface.settings.rules.exposure.shares);
  if (due.size === 0 && shares.length === 0) return candidates;
  const known = new Set(candidates.map(({ item }) => item));
  const added = [...candidates];
  const floor = 2 ** -(question.arm.chain.length + 1);
  const add = (item: number, score: number): boolean => {
    if (question.eligible[item] !== 1 || question.excluded.has(item) || known.has(item)) return false;
    known.add(item);
    added.push({ item, score, method: 'popular', boosted: false });
    return true;
  };
  // As likely as it is that it has run out, in the range of the first method.
  for (const [item, { cameBack }] of due) add(item, 0.5 + 0.5 * cameBack);
  if (shares.length > 0) addForShares(question, shares, added, (item, score) => add(item, floor * score));
  return added.sort((a, b) => b.score - a.score);
}

function addForShares(
  question: Question,
  shares: readonly number[],
  found: readonly Candidate[],
  add: (item: number, score: number) => boolean,
): void {
  const { surface, catalogue, popular, k } = question;
  const groupOf = surface.columns.exposureGroups.bring(catalogue);
  const wanted = shares.map((share) => perClaim * Math.ceil(share * k));
  for (const { item } of found) if (groupOf[item]! >= 0) wanted[groupOf[item]!]! -= 1;
  let open = wanted.filter((count) => count > 0).length;
  const see = (item: number, score: number) => {
    const group = groupOf[item]!;
    if (group < 0 || wanted[group]! <= 0 || !add(item, score)) return;
    wanted[group]! -= 1;
    if (wanted[group] === 0) open -= 1;
  };
  for (let at = 0; at < popular.item.length && open > 0; at += 1) see(popular.item[at]!, popular.score[at]!);
  const live = catalogue.liveItems();
  for (let at = live.length - 1; at >= 0 && open > 0; at -= 1) see(live[at]!, (0.1 * (at + 1)) / live.length);
}
