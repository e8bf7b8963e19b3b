import type { Json, JsonObject } from '../domain/events.ts';
import { isObject, own, ownObject } from './json.ts';

/**
 * The calls of a body, single or batch. What a batch says once (context, integrations, sentAt) is merged into each call;
 * the call's own words win. Elements that are no objects stay as they are and are refused later, one by one.
 */
export function parseCalls(body: Json, route: string, count: number): Json[] {
  if (!isObject(body)) return [body];
  const batch = own(body, 'batch');
  // On the other routes a field of this name may be the sender's own: the journal's count says how it was taken.
  if (!Array.isArray(batch) || (route !== 'batch' && batch.length !== count)) return [withRoute(body, route)];
  const shared: JsonObject = {};
  for (const key of ['sentAt', 'integrations'] as const) {
    const value = own(body, key);
    if (value !== undefined && value !== null) shared[key] = value;
  }
  const context = ownObject(body, 'context');
  // Nearly always there is nothing to merge, and the calls are taken as they are.
  if (!context && Object.keys(shared).length === 0) return batch;
  return batch.map((call) => (isObject(call) ? mergeShared(call, shared, context) : call));
}

/** `/v1/track` needs no `type` in the body. */
function withRoute(call: JsonObject, route: string): JsonObject {
  if (route === '' || route === 'batch' || own(call, 'type') !== undefined) return call;
  return { ...call, type: route };
}

function mergeShared(call: JsonObject, shared: JsonObject, context: JsonObject | undefined): JsonObject {
  const merged: JsonObject = { ...shared, ...call };
  if (context) {
    const ownContext = own(call, 'context');
    if (ownContext === undefined || ownContext === null) merged.context = context;
    else if (isObject(ownContext)) merged.context = { ...context, ...ownContext };
  }
  return merged;
}
