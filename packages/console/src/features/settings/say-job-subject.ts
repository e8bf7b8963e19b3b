import type { TFunction } from 'i18next';

/** What a job works on, in the reader's language; what we do not know is shown as the server said it. */
export function sayJobSubject(subject: string, t: TFunction<'settings'>): string {
  const [, kind, id] = /^(import|replay|training) (\d+)$/.exec(subject) ?? [];
  return kind === undefined ? subject : t(`jobs.subject.${kind}`, { id });
}
