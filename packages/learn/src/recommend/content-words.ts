/** Runs of scripts written without blanks, else words of letters and digits. */
const runs =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{M}\p{N}])+/gu;
const unspaced = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/**
 * Words of a text for comparing: lower case, full-width forms folded; of Chinese and other scripts without blanks the overlapping
 * pairs of characters, which hold most Chinese words. Cost: O(length).
 */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  for (const [run] of normalise(text).matchAll(runs)) {
    if (!unspaced.test(run)) words.push(run);
    else {
      const characters = [...run];
      if (characters.length === 1) words.push(run);
      for (let at = 0; at + 1 < characters.length; at++) words.push(characters[at] + characters[at + 1]);
    }
  }
  return words;
}

/** One spelling for names that differ in case, width or blanks only. */
export function normalise(name: string): string {
  return name.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}
