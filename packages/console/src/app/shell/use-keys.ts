import { useNavigate } from '@tanstack/react-router';
import type { Scope } from '@zhiyin/contract';
import { useEffect, useRef } from 'react';
import { destinations } from '../navigation.ts';

export const searchInputId = 'people-search';
const chordMs = 1_200;

interface KeysOptions {
  workspaceId: string;
  scopes: readonly Scope[];
  showKeys: () => void;
}

/** `/` searches, `g` then a letter goes to a page, `?` lists the keys. Nothing happens while somebody types. */
export function useKeys({ workspaceId, scopes, showKeys }: KeysOptions): void {
  const navigate = useNavigate();
  const latest = useRef({ workspaceId, scopes, showKeys });
  latest.current = { workspaceId, scopes, showKeys };

  useEffect(() => {
    let pressedGAt = Number.NEGATIVE_INFINITY;
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const now = performance.now();
      const isChord = now - pressedGAt < chordMs;
      pressedGAt = event.key === 'g' && !isChord ? now : Number.NEGATIVE_INFINITY;
      if (isChord) {
        const { workspaceId: id, scopes: may } = latest.current;
        const destination = destinations.find(
          ({ letter, scope }) => letter === event.key && (!scope || may.includes(scope)),
        );
        if (destination) void navigate({ to: destination.to, params: { workspaceId: id } });
      } else if (event.key === '/') {
        event.preventDefault();
        document.getElementById(searchInputId)?.focus();
      } else if (event.key === '?') {
        latest.current.showKeys();
      }
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [navigate]);
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || isInOpenDialog(target));

/** A dialog that has just been closed may keep the focus for a moment; it no longer keeps the keys. */
function isInOpenDialog(target: HTMLElement): boolean {
  return (
    target.closest('[role="dialog"]')?.checkVisibility({ visibilityProperty: true, opacityProperty: true }) ?? false
  );
}
