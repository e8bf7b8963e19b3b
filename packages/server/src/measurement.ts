/** One line of a bench: what was measured, beside a baseline of the same run and the bound it must keep. */
export type Measurement = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline?: number;
  readonly ratio?: number;
  readonly bound?: string;
  readonly passed?: boolean;
};

export const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;

export const bounded = (name: string, value: number, unit: string, most: number): Measurement => ({
  name,
  value,
  unit,
  bound: `at most ${most} ${unit}`,
  passed: value <= most,
});
