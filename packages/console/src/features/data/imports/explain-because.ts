import type { TFunction } from 'i18next';

const patterns: readonly (readonly [RegExp, string])[] = [
  [/^saved mapping "(?<name>.*)"$/s, 'saved'],
  [/^header "(?<name>.*)" and contents \((?<shape>[a-z_]+)\)$/s, 'both'],
  [/^header "(?<name>.*)" contains "(?<part>.*)"$/s, 'part'],
  [/^header "(?<name>.*)"$/s, 'header'],
  [/^contents look like (?<shape>[a-z_]+)$/s, 'contents'],
  [/^no header$/, 'noHeader'],
  [/^no field fits/, 'none'],
];

/** Why a column was taken for a field, in the reader's language; a reason we do not know is shown as the server said it. */
export function explainBecause(because: string, t: TFunction<'data'>): string {
  for (const [pattern, key] of patterns) {
    const match = pattern.exec(because);
    if (match === null) continue;
    const { name = '', part = '', shape = '' } = match.groups ?? {};
    return t(`because.${key}`, { name, part, shape: shape && t(`shapes.${shape}`, { defaultValue: shape }) });
  }
  return because;
}
