import { stockSignal } from '@zhiyin/learn';
import type { Candidate, Question } from './question.ts';

/** One rule that changes relevance. A factor of 1 leaves an item as it is. */
export type WeighRule = {
  readonly rule: 'popularity' | 'boost' | 'novelty' | 'margin' | 'stock' | 'due';
  readonly factorOf: (item: number) => number;
  /** The numbers behind the factor. */
  readonly valuesOf: (item: number) => Readonly<Record<string, number>>;
};

/** Relevance after all rules that raise and lower it; what is boosted with 0 is gone. */
export function weighCandidates(question: Question, candidates: Candidate[]): Candidate[] {
  const rules = listWeighRules(question);
  if (rules.length === 0) return candidates;
  for (const candidate of candidates) {
    for (const { rule, factorOf } of rules) {
      const factor = factorOf(candidate.item);
      if (factor === 1) continue;
      candidate.score *= factor;
      if (rule === 'boost') candidate.boosted = true;
    }
  }
  return candidates.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score);
}

/** The rules that hold now, in the order in which they work. */
export function listWeighRules(question: Question): WeighRule[] {
  const { surface, arm, now, due } = question;
  const { margin, stock, repurchase } = surface.settings.rules;
  const rules: WeighRule[] = [];
  if (arm.popularityDiscount > 0 && question.model) rules.push(lessPopular(question, question.model));
  for (const { test, factor, untilMs } of surface.boosts) {
    if (untilMs <= now) continue;
    rules.push({ rule: 'boost', factorOf: (item) => (test(item) ? factor : 1), valuesOf: () => ({ factor }) });
  }
  if (arm.novelty > 0 && question.taste.item.length > 0) rules.push(moreNovel(question));
  if (margin.strength > 0) rules.push(moreMargin(question, margin.strength));
  if (stock.strength > 0 && question.model?.bundle.salesPerDay) {
    rules.push(moreStock(question, question.model.bundle.salesPerDay));
  }
  if (due.size > 0 && repurchase.dueBoost > 0) {
    rules.push({
      rule: 'due',
      factorOf: (item) => (due.has(item) ? 1 + repurchase.dueBoost : 1),
      valuesOf: (item) => ({ ...due.get(item) }),
    });
  }
  return rules;
}

function lessPopular({ arm }: Question, model: NonNullable<Question['model']>): WeighRule {
  const rankOf = (index: number) => model.popularityRank[model.modelOf[index] ?? -1] ?? 0;
  return {
    rule: 'popularity',
    factorOf: (item) => 1 - arm.popularityDiscount * rankOf(item) ** 2,
    valuesOf: (item) => ({ popularity: rankOf(item) }),
  };
}

const categoryShare = 0.7;
const brandShare = 0.3;

/** What is of a category and of a brand that do not occur in the person's history is all new: 1. */
function moreNovel({ arm, taste, catalogue }: Question): WeighRule {
  const { categoryIds, brandIds } = catalogue;
  const categories = new Set(taste.item.map((item) => categoryIds[item]!));
  const brands = new Set(taste.item.map((item) => brandIds[item]!));
  const novelty = (item: number) =>
    (categories.has(categoryIds[item]!) ? 0 : categoryShare) + (brands.has(brandIds[item]!) ? 0 : brandShare);
  return {
    rule: 'novelty',
    factorOf: (item) => 1 + arm.novelty * novelty(item),
    valuesOf: (item) => ({ novelty: novelty(item) }),
  };
}

function moreMargin({ surface, catalogue }: Question, strength: number): WeighRule {
  const margins = surface.columns.margins.bring(catalogue);
  return {
    rule: 'margin',
    factorOf: (item) => 1 + strength * margins[item]!,
    valuesOf: (item) => ({ margin: margins[item]! }),
  };
}

/** By days of sales in stock. Items whose stock is not counted, or that the model has never seen sold, stay as they are. */
function moreStock({ surface, catalogue, model }: Question, salesPerDay: Float32Array): WeighRule {
  const { strength, scarceDays, ampleDays } = surface.settings.rules.stock;
  const bounds = { scarceDays, ampleDays };
  const read = (item: number) => {
    const units = catalogue.stocks[item]!;
    const perDay = salesPerDay[model?.modelOf[item] ?? -1];
    return { units: Number.isFinite(units) && perDay !== undefined ? units : Number.NaN, perDay: perDay ?? 0 };
  };
  return {
    rule: 'stock',
    factorOf: (item) => {
      const { units, perDay } = read(item);
      return 1 + strength * stockSignal(units, perDay, bounds);
    },
    valuesOf: (item) => {
      const { units, perDay } = read(item);
      return Number.isNaN(units) ? {} : { units, ...(perDay > 0 ? { days: units / perDay } : {}) };
    },
  };
}
