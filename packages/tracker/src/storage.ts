import type { Browser } from './options.ts';

export type TrackerStorage = {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(prefix: string): string[];
};

/** localStorage, or memory where that is switched off or full. Never throws. */
export function openStorage(browser: Browser): TrackerStorage {
  const memory = new Map<string, string>();
  const disk = <T>(use: (storage: Storage) => T, otherwise: T): T => {
    try {
      return use(browser.localStorage);
    } catch {
      return otherwise;
    }
  };
  return {
    get: (key) => memory.get(key) ?? disk((storage) => storage.getItem(key), null),
    set(key, value) {
      memory.delete(key);
      const write = (storage: Storage) => {
        storage.setItem(key, value);
        return true;
      };
      if (!disk(write, false)) memory.set(key, value);
    },
    remove(key) {
      memory.delete(key);
      disk((storage) => storage.removeItem(key), undefined);
    },
    keys: (prefix) =>
      disk((storage) => Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? ''), [] as string[])
        .concat([...memory.keys()])
        .filter((key) => key.startsWith(prefix))
        .sort(),
  };
}
