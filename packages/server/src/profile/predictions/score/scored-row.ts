/** What one run says of one person. */
export type ScoredRow = {
  readonly profileId: string;
  readonly score: number;
  readonly label: string;
  readonly figures: Readonly<Record<string, number>>;
  readonly reasons: SavedReasons;
};

/** Why, as it is kept: [feature, value, contribution], strongest first. `base` and `rest` with them sum to the score's log-odds. */
export type SavedReasons = {
  readonly base: number | null;
  readonly rest: number | null;
  readonly top: readonly (readonly [feature: string, value: number | string | null, contribution: number])[];
};
