import { useSyncExternalStore } from 'react';

const asked = '(prefers-reduced-motion: reduce)';
const watch = (changed: () => void) => {
  const query = window.matchMedia(asked);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
};

/** Does the reader want nothing to move? */
export const useStillness = (): boolean => useSyncExternalStore(watch, () => window.matchMedia(asked).matches);
