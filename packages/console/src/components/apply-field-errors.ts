import type { FormInstance } from 'antd';
import { isApiError } from '../api/api-error.ts';

/**
 * Puts the problems of the answer at their fields. True when every one found its field.
 * `words` replaces the server's English for fields where only one thing can be wrong.
 */
export function applyFieldErrors(
  form: FormInstance,
  error: unknown,
  words: Readonly<Record<string, string>> = {},
): boolean {
  if (!isApiError(error) || error.fields.size === 0) return false;
  const known = new Set(Object.keys(flatten(form.getFieldsValue(true))));
  const found = [...error.fields].filter(([field]) => known.has(field));
  form.setFields(found.map(([field, message]) => ({ name: field.split('.'), errors: [words[field] ?? message] })));
  return found.length === error.fields.size;
}

/** `{ a: { b: 1 } }` → `{ 'a.b': 1 }`. */
export function flatten(value: unknown, prefix = ''): Record<string, unknown> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return prefix ? { [prefix]: value } : {};
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, inner]) => flatten(inner, prefix ? `${prefix}.${key}` : key)),
  ) as Record<string, unknown>;
}
