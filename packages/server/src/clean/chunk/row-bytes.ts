import type { EventTable, JsonLines } from '../../storage/events/event-store.ts';
import type { Row } from '../rows/chunk-rows.ts';

const blockBytes = 1 << 20;
/** Of UTF-8 per character of a text. */
const bytesPerCharacterMax = 3;

/** Where a row lies, as one line of JSON. */
export type RowSpan = {
  readonly table: EventTable;
  readonly block: Buffer;
  readonly start: number;
  readonly end: number;
};

/**
 * The rows of a chunk as the event store takes them, written once, when they are made. As bytes they are nothing that the garbage
 * collector must look at while the stores work; as objects they are most of what it does.
 */
export class RowBytes {
  #block = Buffer.alloc(0);
  #end = 0;

  add(table: EventTable, row: Row): RowSpan {
    const line = `${JSON.stringify(row)}\n`;
    const room = line.length * bytesPerCharacterMax;
    if (this.#end + room > this.#block.length) {
      this.#block = Buffer.allocUnsafeSlow(Math.max(blockBytes, room));
      this.#end = 0;
    }
    const start = this.#end;
    this.#end += this.#block.write(line, start, 'utf8');
    return { table, block: this.#block, start, end: this.#end };
  }
}

/** Rows as lines to append. Neighbours become one piece. */
export function joinSpans(spans: readonly RowSpan[]): JsonLines {
  const pieces: Buffer[] = [];
  for (let i = 0; i < spans.length; ) {
    const { block, start } = spans[i]!;
    let { end } = spans[i]!;
    i += 1;
    while (i < spans.length && spans[i]!.block === block && spans[i]!.start === end) {
      end = spans[i]!.end;
      i += 1;
    }
    pieces.push(block.subarray(start, end));
  }
  return { rows: spans.length, pieces };
}
