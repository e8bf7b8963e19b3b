import type { IdentityKind } from './identity.ts';

/** Shows enough of an identifier to recognise it and not enough to use it. */
export function maskIdentifier(kind: IdentityKind | string, value: string): string {
  if (kind === 'email') return maskEmail(value);
  if (kind === 'phone') return maskMiddle(value, 3, 2);
  if (kind === 'name' || kind === 'first_name' || kind === 'last_name') return maskName(value);
  return value.length <= 4 ? '•'.repeat(value.length) : maskMiddle(value, 2, 2);
}

function maskEmail(value: string): string {
  const at = value.lastIndexOf('@');
  if (at < 1) return maskMiddle(value, 1, 0);
  const domain = value.slice(at + 1);
  const dot = domain.lastIndexOf('.');
  const shownDomain = dot > 0 ? `${domain.slice(0, 1)}•••${domain.slice(dot)}` : `${domain.slice(0, 1)}•••`;
  return `${value.slice(0, 1)}•••@${shownDomain}`;
}

function maskName(value: string): string {
  const [first = ''] = [...value];
  return `${first}••`;
}

function maskMiddle(value: string, start: number, end: number): string {
  const characters = [...value];
  if (characters.length <= start + end) return '•'.repeat(characters.length);
  return `${characters.slice(0, start).join('')}••••${end ? characters.slice(-end).join('') : ''}`;
}
