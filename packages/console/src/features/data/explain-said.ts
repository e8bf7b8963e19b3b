import { explainSaid as readSaid, type Said, saidTexts } from '@zhiyin/contract';
import type { TFunction } from 'i18next';
import { explainReason } from './explain-reason.ts';

/** What the server says of a record, a file or a mapping, in the reader's language; its own words where it has no code. */
export function explainSaid(said: Said | null, text: string | null, t: TFunction<'data'>): string {
  if (said === null || !Object.hasOwn(saidTexts, said.code)) return text ?? '';
  const values = Object.fromEntries(
    Object.entries(said.values).map(([name, value]) => [name, explainValue(name, value, t)]),
  );
  return t(`said.${said.code}`, { ...values, defaultValue: text ?? '' });
}

function explainValue(name: string, value: string, t: TFunction<'data'>): string {
  if (name === 'got') return explainSaid(readSaid(value), value, t);
  if (name === 'why') return explainWhy(value, t);
  if (name === 'fields') {
    const fields = value.split(', ').map((field) => t(`fields.${field}`, { defaultValue: field }));
    return fields.join(t('list.separator'));
  }
  return value;
}

/** `reason field sentence`; a field may have no name, and a sentence of an older version is left as it is. */
function explainWhy(why: string, t: TFunction<'data'>): string {
  const [reason = '', ...words] = why.split(' ');
  for (const skipped of [1, 0]) {
    const rest = words.slice(skipped).join(' ');
    const said = readSaid(rest);
    if (said === null) continue;
    const field = skipped === 1 && words[0] ? [words[0]] : [];
    return [explainReason(reason, t).name, ...field, explainSaid(said, rest, t)].join(' · ');
  }
  return [explainReason(reason, t).name, words.join(' ')].filter(Boolean).join(' · ');
}
