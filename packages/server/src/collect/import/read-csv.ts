/** One record of a delimited file. `raw` is its text as it stands; `fault` says why it cannot be read. */
export type CsvRecord = { readonly fields: string[]; readonly raw: string; readonly fault: 'quote' | null };

export type CsvShape = { readonly delimiter: string; readonly quote: string };

/** A quoted value longer than this is an unclosed quote and not a value. */
const quotedCharactersMax = 1_000_000;

/**
 * Reads records out of text that arrives in pieces (RFC 4180: quotes are doubled, line ends may stand inside quotes).
 * A broken quote spoils its own line only: reading goes on at the next line.
 */
export class CsvReader {
  readonly #shape: CsvShape;
  #text = '';

  constructor(shape: CsvShape) {
    this.#shape = shape;
  }

  /** Records that are complete so far. */
  *push(piece: string): Generator<CsvRecord> {
    this.#text += piece;
    yield* this.#take(false);
  }

  *end(): Generator<CsvRecord> {
    yield* this.#take(true);
    this.#text = '';
  }

  *#take(last: boolean): Generator<CsvRecord> {
    let at = 0;
    while (at < this.#text.length) {
      const found = readRecord(this.#text, at, this.#shape, last);
      if (!found) break;
      at = found.next;
      if (found.record.raw !== '') yield found.record;
    }
    this.#text = this.#text.slice(at);
  }
}

/** Undefined: the record does not end in this text yet. */
function readRecord(
  text: string,
  start: number,
  shape: CsvShape,
  last: boolean,
): { record: CsvRecord; next: number } | undefined {
  const fields: string[] = [];
  let at = start;
  for (;;) {
    if (text[at] === shape.quote) {
      const value = readQuoted(text, at, shape.quote);
      if (value === undefined) {
        if (!last && text.length - at < quotedCharactersMax) return undefined;
        return brokenLine(text, start, last);
      }
      const after = text[value.next];
      if (after === undefined && !last) return undefined;
      if (after !== undefined && after !== shape.delimiter && after !== '\n' && after !== '\r')
        return brokenLine(text, start, last);
      fields.push(value.text);
      at = value.next;
    } else {
      const end = endOfPlain(text, at, shape.delimiter);
      if (end === text.length && !last) return undefined;
      fields.push(text.slice(at, end));
      at = end;
    }
    if (text[at] === shape.delimiter) {
      at += 1;
      continue;
    }
    const raw = text.slice(start, at);
    if (text[at] === '\r') {
      if (at + 1 === text.length && !last) return undefined;
      at += text[at + 1] === '\n' ? 2 : 1;
    } else if (text[at] === '\n') at += 1;
    return { record: { fields, raw, fault: null }, next: at };
  }
}

function readQuoted(text: string, start: number, quote: string): { text: string; next: number } | undefined {
  let from = start + 1;
  let value = '';
  for (;;) {
    const end = text.indexOf(quote, from);
    if (end < 0 || end - start > quotedCharactersMax) return undefined;
    value += text.slice(from, end);
    if (text[end + 1] !== quote) return { text: value, next: end + 1 };
    value += quote;
    from = end + 2;
  }
}

function endOfPlain(text: string, start: number, delimiter: string): number {
  for (let i = start; i < text.length; i++) {
    const character = text[i];
    if (character === delimiter || character === '\n' || character === '\r') return i;
  }
  return text.length;
}

function brokenLine(text: string, start: number, last: boolean): { record: CsvRecord; next: number } | undefined {
  const end = text.indexOf('\n', start);
  if (end < 0 && !last) return undefined;
  const raw = text.slice(start, end < 0 ? text.length : end).replace(/\r$/u, '');
  return { record: { fields: [], raw, fault: 'quote' }, next: end < 0 ? text.length : end + 1 };
}
