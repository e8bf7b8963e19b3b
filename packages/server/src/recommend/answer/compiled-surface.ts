import type { RecommendMethod, RecommendRules, SurfaceUpdate } from '@zhiyin/contract';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { compileCondition, compileRegion, type ItemTest } from '../catalogue/conditions.ts';
import { type ItemColumns, openItemColumns } from '../catalogue/item-columns.ts';

export type NamedTest = { readonly rule: string; readonly test: ItemTest };
/** Rules in which arms of an experiment may differ. */
const armRules = [
  'diversity',
  'diversityMethod',
  'calibration',
  'novelty',
  'exploration',
  'explorationMethod',
  'popularityDiscount',
] as const;
type ArmRules = Readonly<Pick<RecommendRules, (typeof armRules)[number]>>;
export type Arm = ArmRules & { readonly name: string; readonly chain: readonly RecommendMethod[] };

/** A surface ready to answer: rules as tests, arms with what differs filled in. */
export type CompiledSurface = {
  readonly surface: string;
  readonly settings: SurfaceUpdate;
  /** Rules that depend on the item alone. */
  readonly tests: readonly NamedTest[];
  readonly boosts: readonly { readonly test: ItemTest; readonly factor: number; readonly untilMs: number }[];
  readonly pins: readonly { readonly itemId: string; readonly place: number; readonly untilMs: number }[];
  readonly experiment: { readonly name: string; readonly arms: readonly (Arm & { readonly share: number })[] } | null;
  readonly plain: Arm;
  /** What rules read of items: groups with a cap or a share, margins. */
  readonly columns: ItemColumns;
  /** Which items may show at all, per region. */
  readonly masks: Map<string, EligibleItems>;
};

export function compileSurface(surface: string, settings: SurfaceUpdate, catalogue: Catalogue): CompiledSurface {
  const { rules, experiment } = settings;
  const plain: Arm = { ...pickArmRules(rules), name: '', chain: settings.chain };
  return {
    surface,
    settings,
    tests: [
      { rule: 'deleted', test: (index) => catalogue.present[index] === 1 },
      { rule: 'out_of_stock', test: (index) => catalogue.stocks[index]! >= rules.stockMin },
      ...rules.conditions.map((condition) => ({
        rule: `condition:${condition.attribute}`,
        test: compileCondition(catalogue, condition),
      })),
    ],
    boosts: rules.boosts.map(({ itemId, condition, factor, until }) => ({
      test: boostTest(catalogue, itemId, condition),
      factor,
      untilMs: endOf(until),
    })),
    pins: rules.pins.map(({ itemId, place, until }) => ({ itemId, place, untilMs: endOf(until) })),
    experiment: experiment && {
      name: experiment.name,
      arms: experiment.arms.map((arm) => ({ ...plain, ...withoutUndefined(arm) })),
    },
    plain,
    columns: openItemColumns(rules, catalogue),
    masks: new Map(),
  };
}

const pickArmRules = (rules: RecommendRules): ArmRules =>
  Object.fromEntries(armRules.map((name) => [name, rules[name]])) as ArmRules;

type Defined<Fields> = { [Key in keyof Fields]: Exclude<Fields[Key], undefined> };
const withoutUndefined = <Fields extends object>(fields: Fields): Defined<Fields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<Fields>;

function boostTest(
  catalogue: Catalogue,
  itemId: string | undefined,
  condition: SurfaceUpdate['rules']['conditions'][number] | undefined,
): ItemTest {
  const meets = condition ? compileCondition(catalogue, condition) : () => true;
  if (itemId === undefined) return condition ? meets : () => false;
  return (index) => catalogue.ids[index] === itemId && meets(index);
}

const endOf = (until: string | null): number => (until === null ? Number.POSITIVE_INFINITY : Date.parse(until));
const masksMax = 50;

/** 1 where the item may show. Kept, and brought up to date for items that changed since. */
export class EligibleItems {
  mask = new Uint8Array(0);
  #revision = -1;
  #checked = 0;
  readonly #tests: readonly ItemTest[];

  constructor(tests: readonly ItemTest[]) {
    this.#tests = tests;
  }

  bring(catalogue: Catalogue): Uint8Array {
    const { size, revision } = catalogue;
    if (this.#revision === revision && this.#checked === size) return this.mask;
    if (this.mask.length < size) {
      const grown = new Uint8Array(catalogue.present.length);
      grown.set(this.mask);
      this.mask = grown;
    }
    for (let index = 0; index < size; index += 1) {
      if (index < this.#checked && catalogue.changedAt[index]! <= this.#revision) continue;
      this.mask[index] = this.#tests.every((test) => test(index)) ? 1 : 0;
    }
    this.#revision = revision;
    this.#checked = size;
    return this.mask;
  }
}

export function eligibleMask(compiled: CompiledSurface, catalogue: Catalogue, region: string | undefined): Uint8Array {
  const key = region ?? '';
  let eligible = compiled.masks.get(key);
  if (!eligible) {
    // Regions come from outside: a bound on what they may occupy.
    if (compiled.masks.size >= masksMax) compiled.masks.clear();
    const tests = compiled.tests.map(({ test }) => test);
    eligible = new EligibleItems(region === undefined ? tests : [...tests, compileRegion(catalogue, region)]);
    compiled.masks.set(key, eligible);
  }
  return eligible.bring(catalogue);
}
