import { useEffect, useState } from 'react';

/** A value once it has not changed for a while: a preview is not asked for with every key pressed. */
export function useSettled<Value>(value: Value, delayMs: number): Value {
  const print = JSON.stringify(value);
  const [settled, setSettled] = useState(print);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(print), delayMs);
    return () => clearTimeout(timer);
  }, [print, delayMs]);
  return JSON.parse(settled) as Value;
}
