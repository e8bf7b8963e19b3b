import type { TrackerOptions } from './options.ts';
import { createTracker, type Tracker } from './tracker.ts';

/**
 * What `/zhiyin.js` runs: takes over from the stub of the snippet, or starts from the attributes of its own script tag
 * (`data-write-key`, `data-host`, `data-consent`, `data-pages`), and plays back the calls made meanwhile.
 */
type Stub = unknown[][] & { options?: TrackerOptions };

(() => {
  try {
    const scope = window as unknown as { zhiyin?: Stub | Tracker };
    const script = document.currentScript as HTMLScriptElement | null;
    const stub = scope.zhiyin;
    const calls = Array.isArray(stub) ? stub : [];
    // A page that has the script twice has one tracker.
    if (stub && !Array.isArray(stub)) return;
    const options = { ...script?.dataset, ...(stub as Stub | undefined)?.options } as unknown as TrackerOptions;
    if (!options.writeKey) return;
    const host = options.host ?? (script?.src ? new URL(script.src).origin : undefined);
    const tracker = createTracker({ ...options, host });
    scope.zhiyin = tracker;
    for (const [name, ...given] of calls) {
      (tracker as unknown as Record<string, ((...given: unknown[]) => void) | undefined>)[String(name)]?.(...given);
    }
  } catch {
    // A page without the SDK is better than a page with an error.
  }
})();
