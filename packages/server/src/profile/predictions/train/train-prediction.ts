import { randomBytes } from 'node:crypto';
import type { PredictionCard, PredictionSaid } from '@zhiyin/contract';
import type { WorkspaceId } from '../../../domain/ids.ts';
import type { EventStore } from '../../../storage/events/event-store.ts';
import { type SavedModel, saveModelFile } from '../../../storage/models/model-files.ts';
import { discoverPlan } from '../../features/discover-plan.ts';
import type { FeaturePlan } from '../../features/feature.ts';
import { trainLifetime } from '../../lifetime/train-lifetime.ts';
import { trainNextPurchase } from '../../lifetime/train-next-purchase.ts';
import { daysNeeded, planCuts } from '../plan-cuts.ts';
import { type Definition, isMany, isYesNo, type PredictionBundle, say } from '../prediction.ts';
import { type Extent, readExtent } from '../read-extent.ts';
import { Refusal } from './refusal.ts';
import { trainAnomaly } from './train-anomaly.ts';
import { trainMany } from './train-many.ts';
import { trainYesNo } from './train-yes-no.ts';

export type TrainOptions = {
  readonly workspaceId: WorkspaceId;
  readonly currency: string;
  readonly timeZone: string;
  readonly definition: Definition;
  readonly modelDir: string;
  readonly now: Date;
  /** Rows (people × instants) learned from at most; beyond it a part of the people is drawn. */
  readonly rowsMax: number;
  readonly timeBudgetSeconds: number;
  readonly seed: number;
  readonly progress: (stage: string, done: number) => void;
};

/** What every kind of training is given. */
export type TrainTask = TrainOptions & {
  readonly events: EventStore;
  readonly plan: FeaturePlan;
  readonly extent: Extent;
  readonly instants: readonly Date[];
  /** Of the people, so that rows stay under the limit. */
  readonly share: number;
};

export type Learning = {
  readonly card: PredictionCard;
  readonly bundle: Omit<PredictionBundle, 'kind' | 'version' | 'items' | 'of' | 'plan' | 'who' | 'horizonDays'>;
  /** Whether it may serve: it beats the simple baseline, or is it. */
  readonly serves: boolean;
};

export type Trained =
  | { readonly kind: 'trained'; readonly card: PredictionCard; readonly saved: SavedModel; readonly serves: boolean }
  | { readonly kind: 'refused'; readonly said: PredictionSaid };

/** One training from the first question to the saved file. */
export async function trainPrediction(events: EventStore, options: TrainOptions): Promise<Trained> {
  const { workspaceId, definition, now, progress, modelDir } = options;
  progress('read', 0.02);
  try {
    const extent = await readExtent(events, workspaceId, now);
    if (!extent) throw new Refusal(say('no_data'));
    const instants = planCuts(extent.from, extent.until, definition.horizonDays);
    if (instants.length === 0 && definition.kind !== 'anomaly') {
      throw new Refusal(
        say('short_history', {
          days: Math.floor((extent.until.getTime() - extent.from.getTime()) / 86_400_000),
          needed: daysNeeded(definition.horizonDays),
        }),
      );
    }
    const plan = await discoverPlan(events, { ...options, id: workspaceId }, instants.at(-1) ?? extent.until);
    const people = definition.who.who === 'buyers' ? extent.buyers : extent.people;
    const share = Math.min(1, options.rowsMax / Math.max(1, people * Math.max(1, instants.length)));
    const learning = await learn({ ...options, events, plan, extent, instants, share });
    progress('save', 0.98);
    const bundle: PredictionBundle = {
      ...learning.bundle,
      kind: 'prediction',
      version: 1,
      items: 0,
      of: definition.kind,
      plan,
      who: definition.who,
      horizonDays: definition.horizonDays,
    };
    const name = `prediction-${definition.id}-${randomBytes(6).toString('hex')}`;
    const saved = await saveModelFile(modelDir, workspaceId, name, bundle);
    return { kind: 'trained', card: learning.card, saved, serves: learning.serves };
  } catch (cause) {
    if (cause instanceof Refusal) return { kind: 'refused', said: cause.said };
    throw cause;
  }
}

function learn(task: TrainTask): Promise<Learning> {
  const { kind } = task.definition;
  if (isYesNo(kind)) return trainYesNo(task);
  if (isMany(kind)) return trainMany(task);
  if (kind === 'anomaly') return trainAnomaly(task);
  return kind === 'lifetime_value' ? trainLifetime(task) : trainNextPurchase(task);
}
