/** Longest text that is looked at; what follows changes no verdict and costs time. */
export const textLengthMax = 5_000;

const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;
const html = /<\/?[a-z][^<>]{0,300}>/gi;
const entity = /&(?:nbsp|amp|lt|gt|quot|#\d{1,6});/gi;
const address = /(?:https?:\/\/|www\.)[^\s\u4e00-\u9fff]+/gi;

/**
 * One spelling for what means the same: compatibility forms, case, digits as 0, runs of one character as two, no addresses, tags or
 * invisible characters. Cost: O(length).
 */
export function normaliseText(text: string): string {
  return text
    .slice(0, textLengthMax)
    .replace(html, ' ')
    .replace(entity, ' ')
    .normalize('NFKC')
    .replace(invisible, '')
    .replace(address, ' ')
    .toLowerCase()
    .replace(/\p{Nd}/gu, '0')
    .replace(/(.)\1{2,}/gsu, '$1$1')
    .replace(/\s+/g, ' ')
    .trim();
}

export type Language = 'zh' | 'en';

/** By script: Chinese from one Han character to five Latin letters on. Empty and letterless texts count as English. */
export function detectLanguage(text: string): Language {
  const sample = text.slice(0, 500);
  const han = sample.match(/\p{Script=Han}/gu)?.length ?? 0;
  const latin = sample.match(/\p{Script=Latin}/gu)?.length ?? 0;
  return han * 5 > latin ? 'zh' : 'en';
}
