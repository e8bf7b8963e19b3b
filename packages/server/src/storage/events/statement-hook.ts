/** What was sent to a store, told to whoever listens: a test run checks that each statement names its workspace. */
export type SentStatement = {
  readonly store: 'events' | 'control';
  /** How it was asked: through a workspace's door or the one for everything else. */
  readonly scope: 'workspace' | 'platform';
  readonly name: string;
  readonly statement: string;
};

export type StatementHook = (sent: SentStatement) => void;

/** Keeps the last statements only, so that a long run stays small. */
export function keepLast(countMax: number): { readonly hook: StatementHook; readonly kept: SentStatement[] } {
  const kept: SentStatement[] = [];
  return {
    kept,
    hook(sent) {
      kept.push(sent);
      if (kept.length > countMax) kept.splice(0, kept.length - countMax);
    },
  };
}
