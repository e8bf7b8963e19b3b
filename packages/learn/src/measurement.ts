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
