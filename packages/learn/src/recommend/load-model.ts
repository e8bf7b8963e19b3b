import { DomainError } from '../errors.ts';
import {
  type ArrayTypeName,
  alignUp,
  arrayTypes,
  checksumOf,
  headerStart,
  modelMagic,
  type TypedArray,
} from './model-file.ts';
import type { RecommendModel } from './recommender.ts';

/**
 * The model whose bytes `saveModel` gave. Its arrays are views into `bytes` where those start at a multiple of 8 in their buffer
 * (then `bytes` must not be written to any more), else into one copy of it.
 * @throws DomainError when the bytes are not a model, are cut short or were changed.
 */
export function loadModel(bytes: Uint8Array): RecommendModel {
  if (bytes.length < headerStart || modelMagic.some((byte, i) => bytes[i] !== byte)) {
    throw new DomainError(`loadModel: these ${bytes.length} bytes are not a saved model`);
  }
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const view = new DataView(aligned.buffer, aligned.byteOffset, aligned.byteLength);
  const headerLength = view.getUint32(16, true);
  const arraysStart = alignUp(headerStart + headerLength);
  if (aligned.length % 4 !== 0 || arraysStart > aligned.length) {
    throw new DomainError(`loadModel: the model was cut short at ${aligned.length} bytes`);
  }
  const [even, odd] = checksumOf(aligned.subarray(16));
  if (even !== view.getUint32(8, true) || odd !== view.getUint32(12, true)) {
    throw new DomainError('loadModel: the checksum is wrong: the model was cut short or changed after it was saved');
  }
  const model = fromPlain(parseHeader(aligned.subarray(headerStart, headerStart + headerLength)), (type, at, length) =>
    viewArray(aligned, arraysStart + at, type, length),
  );
  if (!isModel(model)) throw new DomainError('loadModel: the model has no kind, version and items');
  return model;
}

function parseHeader(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new DomainError('loadModel: the header is not JSON', { cause });
  }
}

type ViewArray = (type: ArrayTypeName, at: number, length: number) => TypedArray;

function fromPlain(value: unknown, viewOf: ViewArray): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => fromPlain(item, viewOf));
  const record = value as Record<string, unknown>;
  if (typeof record.$number === 'string') return Number(record.$number);
  if (record.$array !== undefined) {
    const { $array: type, at, length } = record;
    if (typeof type !== 'string' || !Object.hasOwn(arrayTypes, type) || !isCount(at) || !isCount(length)) {
      throw new DomainError(`loadModel: the header names an array that cannot be: ${JSON.stringify(record)}`);
    }
    return viewOf(type as ArrayTypeName, at, length);
  }
  // fromEntries defines own properties, so that a key `__proto__` stays a key.
  return Object.fromEntries(Object.entries(record).map(([key, item]) => [key, fromPlain(item, viewOf)]));
}

function viewArray(bytes: Uint8Array, at: number, type: ArrayTypeName, length: number): TypedArray {
  const Type = arrayTypes[type];
  if (at % 8 !== 0 || at + length * Type.BYTES_PER_ELEMENT > bytes.length) {
    throw new DomainError(`loadModel: an array of ${length} ${type} at byte ${at} does not fit ${bytes.length} bytes`);
  }
  return new Type(bytes.buffer as ArrayBuffer, bytes.byteOffset + at, length);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isModel(value: unknown): value is RecommendModel {
  const model = value as Partial<RecommendModel> | null;
  return (
    typeof model === 'object' &&
    model !== null &&
    typeof model.kind === 'string' &&
    Number.isInteger(model.version) &&
    isCount(model.items)
  );
}
