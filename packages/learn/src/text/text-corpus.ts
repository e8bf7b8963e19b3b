import { emitFeatures } from './hash-features.ts';
import { type Language, normaliseText } from './normalise-text.ts';

/** Texts as sets of hashed features: text t has `[offsets[t], offsets[t + 1])`, each feature counting 1/√(how many it has). */
export type TextCorpus = {
  readonly texts: number;
  readonly bits: number;
  readonly offsets: Uint32Array;
  readonly features: Uint32Array;
};

/** @param bits features are numbered below 2^bits; two may share a number, seldom enough to do no harm from 18 bits on. */
export function buildCorpus(texts: readonly string[], language: Language, bits: number): TextCorpus {
  const collect = openCollector(language, bits);
  const offsets = new Uint32Array(texts.length + 1);
  let features = new Uint32Array(1 << 16);
  let used = 0;
  texts.forEach((text, t) => {
    const own = collect(normaliseText(text));
    if (used + own.length > features.length) {
      const larger = new Uint32Array(Math.max(features.length * 2, used + own.length));
      larger.set(features);
      features = larger;
    }
    features.set(own, used);
    used += own.length;
    offsets[t + 1] = used;
  });
  return { texts: texts.length, bits, offsets, features: features.slice(0, used) };
}

/** The distinct features of one normalised text; the array is good until the next call. */
export function openCollector(language: Language, bits: number): (normalised: string) => Uint32Array {
  const mask = 2 ** bits - 1;
  // Which call saw a feature last: no set to build and throw away per text.
  const seenBy = new Uint32Array(2 ** bits);
  let call = 0;
  let found = new Uint32Array(1024);
  let count = 0;
  const sink = (hash: number) => {
    const feature = hash & mask;
    if (seenBy[feature] === call) return;
    seenBy[feature] = call;
    if (count === found.length) {
      const larger = new Uint32Array(found.length * 2);
      larger.set(found);
      found = larger;
    }
    found[count++] = feature;
  };
  return (normalised) => {
    call++;
    count = 0;
    emitFeatures(normalised, language, sink);
    return found.subarray(0, count);
  };
}
