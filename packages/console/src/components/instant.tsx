import { Tooltip } from 'antd';
import { useSyncExternalStore } from 'react';
import { useFormats } from '../format/use-formats.ts';

interface InstantProps {
  at: string | null;
  /** What to say when it never happened. */
  never?: string;
  /** Relative reads fast; exact is for logs that are compared line by line. */
  exact?: boolean;
}

/** A moment: relative, with the exact time and its zone on hover and focus. */
export function Instant({ at, never = '–', exact = false }: InstantProps) {
  const formats = useFormats();
  const now = useSyncExternalStore(watchMinute, readMinute);
  if (at === null) return <span className="faint">{never}</span>;
  return (
    <Tooltip title={formats.exact(at)}>
      <time dateTime={at} className="tabular">
        {exact
          ? `${formats.day(at)} ${formats.time(at)}`
          : formats.relative(at, new Date(Math.max(now, Date.parse(at))))}
      </time>
    </Tooltip>
  );
}

/** One clock for all of them. */
let minute = Date.now();
const readMinute = () => minute;
const watchers = new Set<() => void>();
function watchMinute(changed: () => void) {
  minute = watchers.size === 0 ? Date.now() : minute;
  watchers.add(changed);
  return () => watchers.delete(changed);
}
setInterval(() => {
  minute = Date.now();
  for (const changed of watchers) changed();
}, 30_000);
