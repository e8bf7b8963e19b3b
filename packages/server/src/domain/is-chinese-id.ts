const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const checkCharacters = '10X98765432';

/** Resident identity number (GB 11643-1999): 17 digits with a possible birthday, and a check character. */
export function isChineseId(text: string): boolean {
  if (!/^[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]$/.test(text)) return false;
  let sum = 0;
  for (let i = 0; i < 17; i += 1) sum += weights[i]! * Number(text[i]);
  return checkCharacters[sum % 11] === text[17]!.toUpperCase();
}
