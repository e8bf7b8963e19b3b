import {
  calibrateGroups,
  capPerGroup,
  ensureShares,
  type RerankStep,
  type SimilarityInto,
  spreadAlike,
} from '@zhiyin/learn';
import type { Question } from './question.ts';

/** Items that orders look at, per place. */
const lookedAtPerPlace = 3;

/** What shapes the list as a whole: caps, which may be applied again to what is added later, and the order of what is left. */
export type ListSteps = { readonly caps: readonly RerankStep[]; readonly order: readonly RerankStep[] };

export function listSteps(question: Question, places: number): ListSteps {
  const { arm, catalogue } = question;
  const order: RerankStep[] = [];
  if (arm.diversity > 0) {
    const similarity = (items: Uint32Array) => alikeByKind(items, catalogue.categoryIds, catalogue.brandIds);
    const relevanceWeight = 1 - arm.diversity;
    order.push(spreadAlike({ method: arm.diversityMethod, count: places, relevanceWeight, similarity }));
  }
  const calibration = calibrationStep(question, places);
  if (calibration) order.push(order.length > 0 ? byPlace(calibration) : calibration);
  const shares = sharesStep(question, places);
  if (shares) order.push(shares);
  const cut = order.length > 0 ? [firstOf(question, lookedAtPerPlace * places)] : [];
  return { caps: capSteps(question), order: [...cut, ...order] };
}

function capSteps({ catalogue, surface }: Question): RerankStep[] {
  const { perCategoryMax, categoryCaps, perBrandMax } = surface.settings.rules;
  const { capGroups, capOf } = surface.columns;
  const caps: RerankStep[] = [];
  if (perCategoryMax !== null || Object.keys(categoryCaps).length > 0) {
    caps.push(capPerGroup('category_cap', { groupOf: capGroups.bring(catalogue), cap: capOf }));
  }
  if (perBrandMax !== null) {
    // Items without a brand (0) are of no brand.
    const cap = (brand: number) => (brand === 0 ? Number.POSITIVE_INFINITY : perBrandMax);
    caps.push(capPerGroup('brand_cap', { groupOf: catalogue.brandIds, cap }));
  }
  return caps;
}

/** Categories in the proportions of the person's own deeds. */
function calibrationStep({ arm, taste, catalogue }: Question, places: number): RerankStep | undefined {
  if (arm.calibration === 0 || taste.item.length === 0) return undefined;
  const groupOfCategory = new Map<number, number>();
  const weights: number[] = [];
  taste.item.forEach((item, at) => {
    const category = catalogue.categoryIds[item]!;
    const group = groupOfCategory.get(category) ?? weights.length;
    groupOfCategory.set(category, group);
    weights[group] = (weights[group] ?? 0) + taste.weight[at]!;
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  // The last group is everything the person has had nothing to do with.
  const target = Float64Array.from([...weights.map((weight) => weight / total), 0]);
  return {
    name: 'calibration',
    phase: 'order',
    apply: (list) => {
      const groupOf: number[] = [];
      for (const item of list.item) groupOf[item] = groupOfCategory.get(catalogue.categoryIds[item]!) ?? weights.length;
      return calibrateGroups({ count: places, groupOf, target, strength: arm.calibration }).apply(list);
    },
  };
}

function sharesStep({ surface, catalogue }: Question, places: number): RerankStep | undefined {
  const shares = Object.values(surface.settings.rules.exposure.shares);
  if (shares.length === 0) return undefined;
  const groupOf = surface.columns.exposureGroups.bring(catalogue);
  return ensureShares({ slots: places, groupOf, minimumShares: new Map(shares.entries()) });
}

/** An order that goes by scores, after another one: relevance is then the place given before. */
function byPlace(step: RerankStep): RerankStep {
  return {
    ...step,
    apply: (list) => {
      const scoreOf = new Map(Array.from(list.item, (item, at) => [item, list.score[at]!]));
      const placed = { item: list.item, score: Float64Array.from(list.item, (_, at) => list.item.length - at) };
      const { item } = step.apply(placed).list;
      return { list: { item, score: Float64Array.from(item, (one) => scoreOf.get(one)!) } };
    },
  };
}

/** The rest could only come in where the list is too short, and is put behind again. What has a claim to a share stays. */
function firstOf({ surface, catalogue }: Question, most: number): RerankStep {
  const hasShares = Object.keys(surface.settings.rules.exposure.shares).length > 0;
  return {
    name: 'first',
    phase: 'filter',
    apply: (list) => {
      if (!hasShares) return { list: { item: list.item.subarray(0, most), score: list.score.subarray(0, most) } };
      const groupOf = surface.columns.exposureGroups.bring(catalogue);
      const kept = Array.from(list.item.keys()).filter((at) => at < most || groupOf[list.item[at]!]! >= 0);
      return {
        list: {
          item: Uint32Array.from(kept, (at) => list.item[at]!),
          score: Float64Array.from(kept, (at) => list.score[at]!),
        },
      };
    },
  };
}

const sameCategory = 0.7;
const sameBrand = 0.3;
/** A number that no category and no brand has. */
const nothing = -1;

/** Same category and same brand: 1; 0 stands for none. */
function alikeByKind(items: Uint32Array, categoryIds: Int32Array, brandIds: Int32Array): SimilarityInto {
  const categories = new Int32Array(items.length);
  const brands = new Int32Array(items.length);
  for (let at = 0; at < items.length; at += 1) {
    categories[at] = categoryIds[items[at]!]!;
    brands[at] = brandIds[items[at]!]!;
  }
  return (position, similarities) => {
    const category = categories[position]! || nothing;
    const brand = brands[position]! || nothing;
    for (let other = 0; other < categories.length; other += 1) {
      similarities[other] =
        (categories[other] === category ? sameCategory : 0) + (brands[other] === brand ? sameBrand : 0);
    }
    similarities[position] = 1;
  };
}
