/** Who did something: an operator at the console, an API key, or Zhiyin itself. */
export type Actor =
  | { readonly kind: 'operator'; readonly id: number }
  | { readonly kind: 'api_key'; readonly id: number }
  | { readonly kind: 'system'; readonly id: null };

export const systemActor: Actor = { kind: 'system', id: null };
