import type { RepairAction } from '@zhiyin/contract';
import type { Json, JsonObject } from '../../domain/events.ts';

/** Mending steps on a row: paths are column names, taken literally even when there is a point in them. */
export function applyRowActions(row: JsonObject, actions: readonly RepairAction[]): JsonObject {
  const cells = new Map<string, Json>(Object.entries(row));
  for (const action of actions) {
    const cell = cells.get(action.path);
    switch (action.do) {
      case 'set':
        cells.set(action.path, action.value);
        break;
      case 'default':
        if (cell === undefined || cell === null || cell === '') cells.set(action.path, action.value);
        break;
      case 'remove':
        cells.delete(action.path);
        break;
      case 'rename':
        if (cell !== undefined) {
          cells.delete(action.path);
          cells.set(action.to, cell);
        }
        break;
      case 'replace':
        if (typeof cell === 'string') cells.set(action.path, cell.replaceAll(action.find, action.with));
        break;
      case 'convert':
        if (cell !== undefined && cell !== null) cells.set(action.path, convert(String(cell), action.to));
        break;
    }
  }
  return Object.fromEntries(cells);
}

/** Cells are text in the end: converting mends how they are written. */
function convert(text: string, to: 'text' | 'number' | 'boolean' | 'instant'): string {
  if (to === 'number') return text.normalize('NFKC').replace(/[^\d.eE+-]/gu, '');
  if (to === 'boolean') return /^(1|true|yes|y|on|是)$/iu.test(text.trim()) ? 'true' : 'false';
  if (to === 'instant') {
    const at = new Date(text);
    return Number.isNaN(at.getTime()) ? text : at.toISOString();
  }
  return text;
}
