import type { WorkspaceSettings } from '@zhiyin/contract';
import type { GraphLimits } from './resolve-graph.ts';

const peoplePerIdentifierDefault = 20;

export function graphLimits(settings: WorkspaceSettings): GraphLimits {
  return {
    identifiersPerProfileMax: settings.identifiersPerProfileMax,
    mergesPerProfileMax: settings.mergesPerProfileMax,
    peoplePerIdentifierMax: settings.peoplePerIdentifierMax ?? peoplePerIdentifierDefault,
  };
}
