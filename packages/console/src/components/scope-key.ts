import type { Scope } from '@zhiyin/contract';

/** The text of a scope. A colon would name another file of texts, so the keys have an underscore. */
export const scopeKey = (scope: Scope) => `common:scope.${scope.replace(':', '_')}` as const;
