import { findPersonal, placeholderPattern } from './find-personal.ts';

/** One call's personal values and what stands for them. Lives as long as the call. */
export type Placeholders = {
  /** `请回电 13800138000` → `请回电 [[PHONE_1]]`. The same value gets the same placeholder in every text of the call. */
  readonly redact: (text: string) => string;
  /** Puts values back; a placeholder that was never given out stays, and is counted. */
  readonly restore: (text: string) => { readonly text: string; readonly unknown: number };
  readonly count: () => number;
};

export function openPlaceholders(known: readonly string[] = []): Placeholders {
  const placeholderOf = new Map<string, string>();
  const valueBehind = new Map<string, string>();
  const counts = new Map<string, number>();

  function placeholderFor(kind: string, value: string): string {
    const given = placeholderOf.get(value);
    if (given) return given;
    const number = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, number);
    const placeholder = `[[${kind}_${number}]]`;
    placeholderOf.set(value, placeholder);
    valueBehind.set(placeholder, value);
    return placeholder;
  }

  return {
    redact(text) {
      let redacted = '';
      let at = 0;
      for (const { from, to, kind } of findPersonal(text, known)) {
        redacted += text.slice(at, from) + placeholderFor(kind, text.slice(from, to));
        at = to;
      }
      return redacted + text.slice(at);
    },
    restore(text) {
      let unknown = 0;
      const restored = text.replaceAll(placeholderPattern, (found, kind: string, number: string) => {
        const value = valueBehind.get(`[[${kind.toUpperCase()}_${Number(number)}]]`);
        if (value === undefined) unknown += 1;
        return value ?? found;
      });
      return { text: restored, unknown };
    },
    count: () => valueBehind.size,
  };
}

/** The longest placeholder there is: how much of a stream's end may be the beginning of one. */
const placeholderLengthMax = 24;

/**
 * Restores a stream piece by piece: holds back what may be the beginning of a placeholder.
 * @returns what can be shown so far; `flush` gives the rest.
 */
export function restoreStream(placeholders: Placeholders): { push(part: string): string; flush(): string } {
  let held = '';
  return {
    push(part) {
      held += part;
      const open = held.lastIndexOf('[[');
      const mayBegin = open >= 0 && !held.includes(']]', open) && held.length - open < placeholderLengthMax;
      const cut = mayBegin ? open : held.endsWith('[') ? held.length - 1 : held.length;
      const ready = held.slice(0, cut);
      held = held.slice(cut);
      return placeholders.restore(ready).text;
    },
    flush() {
      const rest = placeholders.restore(held).text;
      held = '';
      return rest;
    },
  };
}
