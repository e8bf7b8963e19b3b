import { said } from '@zhiyin/contract';
import type { JsonObject } from '../../domain/events.ts';
import { type Draft, quarantine, type StepResult } from '../draft.ts';
import { isObject, own } from '../json.ts';
import { standardEvents } from '../standard-events.ts';

const isPresent = (object: JsonObject, name: string): boolean => {
  const value = own(object, name);
  return value !== undefined && value !== null && value !== '';
};

/** What a standard e-commerce event cannot be understood without. `sku`, `item_id` and `id` stand in for a missing product_id. */
export function requireProperties(draft: Draft): StepResult {
  const standard = standardEvents.get(draft.name);
  if (!standard) return undefined;
  let { properties } = draft;
  const repairs: string[] = [];
  const named = standard.needsProduct ? nameProduct(properties) : undefined;
  if (named) {
    properties = named.object;
    repairs.push(named.repair);
  }
  const products = own(properties, 'products');
  if (Array.isArray(products)) {
    let changed = false;
    const mended = products.map((product) => {
      const withId = isObject(product) ? nameProduct(product) : undefined;
      if (!withId) return product;
      changed = true;
      return withId.object;
    });
    if (changed) {
      properties = { ...properties, products: mended };
      repairs.push('product_id');
    }
  }
  for (const group of standard.needs) {
    if (group.some((name) => isPresent(properties, name))) continue;
    return quarantine(
      'missing_property',
      `properties.${group[0]}`,
      said('needs_property', { event: draft.name, properties: group.join(' or ') }),
    );
  }
  draft.properties = properties;
  draft.repairs.push(...repairs);
  return undefined;
}

function nameProduct(object: JsonObject): { object: JsonObject; repair: string } | undefined {
  if (isPresent(object, 'product_id')) return undefined;
  for (const name of ['item_id', 'id', 'sku']) {
    const value = own(object, name);
    if ((typeof value === 'string' && value !== '') || typeof value === 'number') {
      return { object: { ...object, product_id: String(value) }, repair: `product_id:${name}` };
    }
  }
  return undefined;
}
