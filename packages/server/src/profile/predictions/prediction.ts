import type { PredictionKind, PredictionSaid } from '@zhiyin/contract';
import type {
  Classifier,
  ColumnBins,
  GapModel,
  IsolationForest,
  OneVsRest,
  PurchaseModel,
  RecommendModel,
  SpendModel,
} from '@zhiyin/learn';
import type { FeaturePlan } from '../features/feature.ts';
import type { FeatureFilter } from '../features/features-sql.ts';

/** What a brand wants foretold. */
export type Definition = {
  readonly id: number;
  readonly key: string;
  readonly kind: PredictionKind;
  readonly goalEvent: string | null;
  readonly horizonDays: number;
  readonly who: FeatureFilter;
};

/** A sentence for people, worded by the console. */
export const say = (code: string, values: PredictionSaid['values'] = {}): PredictionSaid => ({ code, values });

/** Kinds that answer yes or no. */
export type YesNoKind = 'churn' | 'repurchase' | 'goal';
export const isYesNo = (kind: PredictionKind): kind is YesNoKind =>
  kind === 'churn' || kind === 'repurchase' || kind === 'goal';
export type ManyKind = 'next_category' | 'next_action';
export const isMany = (kind: PredictionKind): kind is ManyKind => kind === 'next_category' || kind === 'next_action';

/** What was learned, by kind. Plain data. */
export type Learned =
  | { readonly kind: 'yes_no'; readonly model: Classifier; readonly background: SavedTable }
  | { readonly kind: 'many'; readonly model: OneVsRest; readonly background: SavedTable }
  | { readonly kind: 'anomaly'; readonly forest: IsolationForest; readonly scaling: AnomalyScaling }
  | {
      readonly kind: 'gaps';
      readonly model: GapModel;
      /** Days come from each customer's own pace: the model foretold them worse. */
      readonly goesByPace: boolean;
      readonly typicalDays: number;
    }
  | {
      readonly kind: 'lifetime';
      readonly model: Pick<PurchaseModel, 'kind' | 'version' | 'parameters'>;
      readonly spend: Pick<SpendModel, 'parameters'> | null;
      /** Mean value of a purchase, where no model of money can be had. */
      readonly meanValue: number;
      readonly isAliveUsable: boolean;
    };

/** Rows that stand for everybody when a score is explained. */
export type SavedTable = {
  readonly rows: number;
  readonly columns: readonly (
    | { readonly kind: 'number'; readonly name: string; readonly values: Float64Array }
    | {
        readonly kind: 'category';
        readonly name: string;
        readonly levels: readonly string[];
        readonly codes: Int32Array;
      }
  )[];
};

/** Columns an anomaly is looked for in: medians stand in for what is not known, and money and counts are taken as logarithms. */
export type AnomalyScaling = {
  readonly features: readonly string[];
  readonly medians: Float64Array;
  /** 99 % of people are below, of each feature. */
  readonly usual: Float64Array;
  /** Rows of the training, scaled, to explain by. */
  readonly sample: Float64Array;
  readonly sampleRows: number;
  /** One person in a hundred scores above. */
  readonly threshold: number;
};

/** Everything that scoring needs, saved as one file. */
export type PredictionBundle = RecommendModel & {
  readonly kind: 'prediction';
  readonly version: 1;
  readonly of: PredictionKind;
  readonly plan: FeaturePlan;
  readonly who: FeatureFilter;
  readonly horizonDays: number;
  readonly learned: Learned;
  readonly levels: { readonly high: number; readonly medium: number } | null;
  /** How features and scores were spread over the people of the training. */
  readonly spread: { readonly features: readonly ColumnBins[]; readonly score: ColumnBins | null };
};

export const isPredictionBundle = (model: RecommendModel): model is PredictionBundle =>
  model.kind === 'prediction' && model.version === 1;

/** Names of the traits a prediction writes, and which figure each holds. */
export function traitsOf({ key, kind }: Pick<Definition, 'key' | 'kind'>, horizonDays: number): readonly Trait[] {
  const trait = (name: string, from: Trait['from']): Trait => ({ name: `${key}.${name}`, from });
  switch (kind) {
    case 'churn':
    case 'repurchase':
    case 'goal':
      return [trait('probability', 'score'), trait('level', 'label')];
    case 'next_purchase':
      return [trait('days', { figure: 'days' }), trait('probability', 'score')];
    case 'lifetime_value':
      return [
        trait(`value_${horizonDays}d`, 'score'),
        trait(`purchases_${horizonDays}d`, { figure: 'purchases' }),
        trait('p_alive', { figure: 'p_alive' }),
        trait('level', 'label'),
      ];
    case 'next_category':
    case 'next_action':
      return [trait(kind === 'next_category' ? 'category' : 'action', 'label'), trait('probability', 'score')];
    case 'anomaly':
      return [trait('score', 'score'), trait('level', 'label')];
  }
}

export type Trait = { readonly name: string; readonly from: 'score' | 'label' | { readonly figure: string } };
