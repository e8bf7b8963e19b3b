import { DomainError } from '../errors.ts';
import { alignUp, arrayTypes, checksumOf, headerStart, modelMagic, type TypedArray } from './model-file.ts';
import type { RecommendModel } from './recommender.ts';

/**
 * A model as bytes that `loadModel` reads on any machine: a JSON header and its typed arrays, with a checksum.
 * @throws DomainError when the model holds anything but plain data (functions, dates, maps, cycles).
 * Cost: one copy of the arrays.
 */
export function saveModel(model: RecommendModel): Uint8Array<ArrayBuffer> {
  const arrays: { readonly array: TypedArray; readonly at: number }[] = [];
  let length = 0;
  const header = JSON.stringify(
    toPlain(model, 'model', new Set(), (array) => {
      const known = arrays.find((other) => other.array === array);
      if (known) return known.at;
      const at = length;
      arrays.push({ array, at });
      length = alignUp(at + array.byteLength);
      return at;
    }),
  );
  const headerBytes = new TextEncoder().encode(header);
  const arraysStart = alignUp(headerStart + headerBytes.length);
  const bytes = new Uint8Array(arraysStart + length);
  bytes.set(modelMagic, 0);
  bytes.set(headerBytes, headerStart);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, headerBytes.length, true);
  for (const { array, at } of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), arraysStart + at);
  }
  const [even, odd] = checksumOf(bytes.subarray(16));
  view.setUint32(8, even, true);
  view.setUint32(12, odd, true);
  return bytes;
}

/** JSON has no typed arrays and no numbers beyond the finite: both are written as objects with one key that starts with $. */
function toPlain(value: unknown, path: string, above: Set<object>, place: (array: TypedArray) => number): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : { $number: String(value) };
  if (typeof value !== 'object') throw new DomainError(`saveModel: ${path} is a ${typeof value}, not plain data`);
  if (ArrayBuffer.isView(value)) {
    const type = value.constructor.name;
    if (!Object.hasOwn(arrayTypes, type)) throw new DomainError(`saveModel: ${path} is a ${type}, not plain data`);
    const array = value as TypedArray;
    return { $array: type, at: place(array), length: array.length };
  }
  if (above.has(value)) throw new DomainError(`saveModel: ${path} contains itself`);
  const within = new Set(above).add(value);
  if (Array.isArray(value)) return value.map((item, i) => toPlain(item, `${path}[${i}]`, within, place));
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new DomainError(`saveModel: ${path} is a ${value.constructor.name}, not plain data`);
  }
  const plain: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (key.startsWith('$')) throw new DomainError(`saveModel: ${path}.${key}: names must not start with $`);
    if (item !== undefined) plain[key] = toPlain(item, `${path}.${key}`, within, place);
  }
  return plain;
}
