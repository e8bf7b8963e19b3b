import type { RecommendMethod } from '@zhiyin/contract';
import { addCandidates } from './add-candidates.ts';
import { chooseItems, dropByPrice, explorationPool } from './choose-items.ts';
import { type Because, explainItems } from './explain-items.ts';
import type { Note } from './format-answer.ts';
import { generateCandidates } from './generate-candidates.ts';
import type { Candidate, Chosen, Question } from './question.ts';
import { weighCandidates } from './weigh-candidates.ts';

export type Found = {
  readonly chosen: readonly Chosen[];
  readonly reasons: readonly (readonly Because[])[];
  readonly candidates: readonly Candidate[];
  readonly methods: readonly RecommendMethod[];
  readonly fallback: boolean;
  readonly propensity: number;
  readonly notes: readonly Note[];
};

/**
 * The whole of an answer, in order: candidates → weighed → within the price → filled up → chosen (re-ranked, pinned, explored) →
 * explained. Pure but for the scratch arrays of the model.
 */
export function answerQuestion(question: Question): Found {
  const { arm, catalogue, surface } = question;
  if (catalogue.live === 0) return empty('empty_catalogue');
  let candidates = generateCandidates(question);
  const generated = candidates.length;
  candidates = dropByPrice(question, weighCandidates(question, addCandidates(question, candidates)));
  const mayFill = surface.settings.kind !== 'search';
  if (candidates.length < question.k && mayFill) candidates = fillUp(question, candidates, 3 * question.k);
  const explores = arm.exploration > 0 && arm.explorationMethod !== 'off';
  const pool = explores ? explorationPool(question, candidates, question.newItems()) : [];
  let chosen = chooseItems(question, candidates, pool);
  if (chosen.length < question.k && mayFill) {
    // Caps took more than there was to spare: whether they did does not depend on chance, so propensities stay what they are.
    candidates = fillUp(question, candidates, candidates.length + 4 * question.k);
    chosen = chooseItems(question, candidates, pool);
  }
  if (chosen.length === 0) return empty(generated > 0 || question.candidates ? 'all_filtered' : whyNothing(question));
  const methods = [...new Set(chosen.filter((one) => !one.pinned && !one.explored).map((one) => one.method))];
  return {
    chosen,
    reasons: explainItems(question, chosen),
    candidates,
    methods,
    fallback: methods.some((method) => method !== arm.chain[0]),
    propensity: chosen.reduce((product, one) => product * one.propensity, 1),
    notes: [],
  };
}

function empty(note: Note): Found {
  return { chosen: [], reasons: [], candidates: [], methods: [], fallback: false, propensity: 1, notes: [note] };
}

function whyNothing({ eligible, catalogue, surface }: Question): Note {
  if (surface.settings.kind === 'search') return 'no_candidates';
  for (let index = 0; index < catalogue.size; index += 1) if (eligible[index] === 1) return 'no_candidates';
  return 'all_filtered';
}

/** A list is never shorter than it need be: what is popular, then whatever may show, the latest first. */
function fillUp(question: Question, candidates: Candidate[], wanted: number): Candidate[] {
  const { arm, catalogue, popular, eligible, excluded } = question;
  const known = new Set(candidates.map(({ item }) => item));
  const floor = 2 ** -(arm.chain.length + 2);
  const filled = [...candidates];
  const add = (item: number, score: number) => {
    if (eligible[item] !== 1 || excluded.has(item) || known.has(item)) return;
    known.add(item);
    filled.push({ item, score, method: 'popular', boosted: false });
  };
  for (let at = 0; at < popular.item.length && filled.length < wanted; at += 1) {
    add(popular.item[at]!, floor + floor * popular.score[at]!);
  }
  const live = catalogue.liveItems();
  for (let at = live.length - 1; at >= 0 && filled.length < wanted; at -= 1) add(live[at]!, floor * (at / live.length));
  return filled;
}
