import { ShapeError } from '../errors.ts';

export type TextReport = {
  /** Share of texts whose labels are right, all of them. */
  readonly accuracy: number;
  /** Mean over labels of 2·right / (said + true). Labels that neither occur nor are said are left out. */
  readonly macroF1: number;
  readonly perLabel: readonly {
    readonly label: string;
    readonly precision: number;
    readonly recall: number;
    readonly texts: number;
  }[];
};

/** Compares what was said with what is true, label by label. */
export function evaluateTexts(said: readonly (readonly string[])[], truth: readonly (readonly string[])[]): TextReport {
  if (said.length !== truth.length)
    throw new ShapeError(`evaluateTexts: ${said.length} answers for ${truth.length} texts`);
  const counts = new Map<string, { right: number; said: number; truth: number }>();
  const of = (label: string) => {
    const known = counts.get(label) ?? { right: 0, said: 0, truth: 0 };
    counts.set(label, known);
    return known;
  };
  let exact = 0;
  truth.forEach((own, t) => {
    const answered = said[t];
    const hits = answered.filter((label) => own.includes(label));
    if (hits.length === own.length && answered.length === own.length) exact++;
    for (const label of hits) of(label).right++;
    for (const label of answered) of(label).said++;
    for (const label of own) of(label).truth++;
  });
  const labels = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  const f1 = labels.map(([, count]) => (2 * count.right) / (count.said + count.truth));
  return {
    accuracy: exact / Math.max(1, truth.length),
    macroF1: f1.reduce((sum, value) => sum + value, 0) / Math.max(1, f1.length),
    perLabel: labels.map(([label, count]) => ({
      label,
      precision: count.said > 0 ? count.right / count.said : 0,
      recall: count.truth > 0 ? count.right / count.truth : 0,
      texts: count.truth,
    })),
  };
}
