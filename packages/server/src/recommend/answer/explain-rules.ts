import { pinItems, type RerankReport, type RerankStep, rankCandidates, rerank } from '@zhiyin/learn';
import { deedOfCode } from '../people/deeds.ts';
import { addCandidates } from './add-candidates.ts';
import { dropByPrice, livePins } from './choose-items.ts';
import type { Debug } from './format-answer.ts';
import { generateCandidates } from './generate-candidates.ts';
import type { Candidate, Question } from './question.ts';
import { listSteps } from './rerank-steps.ts';
import { listWeighRules } from './weigh-candidates.ts';

const debugCandidates = 300;
const examplesMax = 5;

/**
 * What each rule takes away from what the chain finds when no rule holds, and what it moves among what is left. For previews and
 * `debug`: it asks once more, without what chance would try.
 */
export function explainRules(question: Question): Pick<Debug, 'candidates' | 'removed' | 'moved' | 'history'> {
  const everything = {
    ...question,
    eligible: new Uint8Array(question.catalogue.present.length).fill(1),
    excluded: new Set<number>(),
  };
  const candidates = generateCandidates(everything).slice(0, debugCandidates);
  const reports = rerankWithReports(question);
  return {
    candidates: candidates.length,
    removed: [...listRemoved(question, candidates), ...listCapped(question, reports)],
    moved: listMoved(question, reports),
    history: listHistory(question),
  };
}

function listRemoved(question: Question, candidates: Candidate[]): Debug['removed'] {
  const { surface, catalogue } = question;
  const removed: Debug['removed'] = [];
  const note = (rule: string, test: (item: number) => boolean) => {
    const gone = candidates.filter(({ item }) => !test(item));
    if (gone.length === 0) return;
    const examples = gone.slice(0, examplesMax).map(({ item }) => catalogue.nameOf(item));
    removed.push({ rule, items: gone.length, examples });
  };
  for (const { rule, test } of surface.tests) note(rule, test);
  for (const { rule, items } of question.exclusions) note(rule, (item) => !items.has(item));
  const priced = new Set(dropByPrice(question, candidates).map(({ item }) => item));
  note('price_to_cart', (item) => priced.has(item));
  return removed;
}

/** The steps of the answer one by one, each with what it did. */
function rerankWithReports(question: Question): readonly RerankReport[] {
  const candidates = dropByPrice(question, addCandidates(question, generateCandidates(question)));
  const pins = livePins(question);
  const pinned = new Set(pins.map(({ item }) => item));
  const left = candidates.filter(({ item }) => !pinned.has(item));
  const { caps, order } = listSteps(question, Math.max(0, question.k - pins.length));
  const list = rankCandidates(
    left.map(({ item }) => item),
    left.map(({ score }) => score),
  );
  const steps = [...weighSteps(question), ...caps, ...order, ...(pins.length > 0 ? [pinItems(pins, () => true)] : [])];
  return rerank(list, steps, { watched: question.k }).reports;
}

function weighSteps(question: Question): RerankStep[] {
  return listWeighRules(question).map(({ rule, factorOf, valuesOf }) => ({
    name: rule,
    phase: 'score',
    apply: (list) => {
      const kept = Array.from(list.item.keys()).filter((at) => factorOf(list.item[at]!) > 0);
      return {
        list: rankCandidates(
          kept.map((at) => list.item[at]!),
          kept.map((at) => list.score[at]! * factorOf(list.item[at]!)),
        ),
        because: (item) => (factorOf(item) === 1 ? undefined : { code: rule, values: valuesOf(item) }),
      };
    },
  }));
}

/** Of what a cap took out only what stood where the list is looked at. */
function listCapped({ catalogue, k }: Question, reports: readonly RerankReport[]): Debug['removed'] {
  return reports.flatMap(({ step, removed }) => {
    const gone = step === 'first' ? [] : removed.filter(({ from }) => from < k);
    const examples = gone.slice(0, examplesMax).map(({ item }) => catalogue.nameOf(item));
    return gone.length === 0 ? [] : [{ rule: step, items: gone.length, examples }];
  });
}

function listMoved({ catalogue, k }: Question, reports: readonly RerankReport[]): Debug['moved'] {
  const placeOf = (place: number) => (place < k ? place + 1 : null);
  return reports.flatMap(({ step, moved, added }) => {
    const changed = [
      ...moved
        .filter(({ because }) => because.code !== 'made_room')
        .map(({ item, from, to, because }) => ({ item, from: placeOf(from), to: placeOf(to), because })),
      ...added.map(({ item, to, because }) => ({ item, from: null, to: placeOf(to), because })),
    ].filter(({ from, to }) => from !== null || to !== null);
    if (step === 'first' || changed.length === 0) return [];
    const distance = (one: (typeof changed)[number]) => Math.abs((one.from ?? k + 1) - (one.to ?? k + 1));
    return {
      rule: step,
      items: changed.length,
      examples: changed
        .sort((a, b) => distance(b) - distance(a))
        .slice(0, examplesMax)
        .map(({ item, from, to, because }) => ({
          itemId: catalogue.ids[item]!,
          name: catalogue.nameOf(item),
          from,
          to,
          values: { ...because.values },
        })),
    };
  });
}

function listHistory({ taste, catalogue }: Question): Debug['history'] {
  return taste.item
    .map((item, at) => ({
      did: deedOfCode[taste.code[at]!] ?? 'viewed',
      itemId: catalogue.ids[item]!,
      name: catalogue.nameOf(item),
      at: new Date(taste.at[at]! * 1_000).toISOString(),
      weight: taste.weight[at]!,
    }))
    .reverse();
}
