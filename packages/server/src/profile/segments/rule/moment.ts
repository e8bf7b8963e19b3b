/** The instant for which a rule is asked, and where its calendar is kept. Never read from a clock below this. */
export type Moment = { readonly now: Date; readonly timeZone: string };

const unitMs = { minutes: 60_000, hours: 3_600_000, days: 86_400_000, weeks: 604_800_000 } as const;

export const durationMs = ({ amount, unit }: { amount: number; unit: keyof typeof unitMs }): number =>
  amount * unitMs[unit];
