export interface UsedKey {
  name: string;
  key: string;
}

/** Keys written out in `t('…')`, with the file of texts they come from. Computed keys are not seen. */
export function findUsedKeys(source: string): UsedKey[] {
  const functions = new Map<string, string>();
  for (const [, pattern, name] of source.matchAll(/const \{([^}]*)\} = useTranslation\((?:'(\w+)')?\)/g)) {
    const alias = /\bt: (\w+)/.exec(pattern!)?.[1] ?? (/\bt\b/.test(pattern!) ? 't' : null);
    // The same name for two files in one source: which is meant cannot be told without scopes.
    if (alias)
      functions.set(
        alias,
        functions.has(alias) && functions.get(alias) !== (name ?? 'common') ? '?' : (name ?? 'common'),
      );
  }
  const used: UsedKey[] = [];
  for (const [, call, key] of source.matchAll(/\b(\w+)\(\s*'([\w.:-]+)'/g)) {
    const name = functions.get(call!);
    if (!name || name === '?') continue;
    const [first, second] = key!.split(':');
    used.push(second ? { name: first!, key: second } : { name, key: key! });
  }
  return used;
}
