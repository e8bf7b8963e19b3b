import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type DayRange, lastDays, parseRange, today } from './range.ts';
import { useWorkspace } from './workspace-context.ts';

/**
 * The page's range, kept in the address bar (`?from&to`).
 * Without one: the last `days` days up to `lastDay` (default today in the workspace's time zone).
 */
export function useRange({ days = 30, lastDay }: { days?: number; lastDay?: string } = {}) {
  const { timeZone } = useWorkspace();
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const { from, to } = parseRange(search);
  const end = lastDay ?? today(timeZone);
  const range = useMemo<DayRange>(() => (from && to ? { from, to } : lastDays(days, end)), [from, to, days, end]);
  const setRange = (next: DayRange) =>
    void navigate({ to: '.', search: (before: object) => ({ ...before, ...next }) as never, replace: true });
  return { range, setRange, lastDay: end, isDefault: !from };
}
