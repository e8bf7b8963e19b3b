import type { z } from 'zod';
import { AppError } from '../domain/app-error.ts';

/** A body that the scan found to be JSON → typed, or an error that names the first field at fault. */
export function parsePush<Schema extends z.ZodType>(schema: Schema, body: Buffer): z.output<Schema> {
  const value: unknown = JSON.parse(body.toString('utf8'));
  const reserved = findReservedKey(value, '');
  if (reserved !== undefined) {
    throw new AppError('input.invalid', `${reserved} is a reserved name`, {
      details: { field: reserved, fix: 'Rename the property.' },
    });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const unknownKey = issue?.code === 'unrecognized_keys' ? [issue.keys[0] ?? ''] : [];
  const field = formatPath([...(issue?.path ?? []), ...unknownKey]) || 'body';
  throw new AppError('input.invalid', `${field}: ${issue?.message ?? 'is not what was expected'}`, {
    details: { field, fix: 'Correct this field; nothing of the request was stored.' },
  });
}

/** `['upsert', 3, 'price']` → `upsert[3].price` */
export function formatPath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? String(part) : `.${String(part)}`;
  }
  return text;
}

/** As deep as the scan allowed, so recursion has its bound. */
function findReservedKey(value: unknown, path: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const isList = Array.isArray(value);
  for (const [key, inner] of Object.entries(value)) {
    const at = isList ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    if (!isList && key === '__proto__') return at;
    const found = findReservedKey(inner, at);
    if (found !== undefined) return found;
  }
  return undefined;
}
