import { describe, expect, it } from 'vitest';
import { CsvReader } from './read-csv.ts';

const read = (pieces: readonly string[], delimiter = ',') => {
  const reader = new CsvReader({ delimiter, quote: '"' });
  return [...pieces.flatMap((piece) => [...reader.push(piece)]), ...reader.end()];
};
const fields = (text: string) => read([text]).map((record) => record.fields);

describe('the CSV reader', () => {
  it('reads quotes, doubled quotes and line ends inside them', () => {
    expect(fields('a,"b ""c"", d\ne",f\r\n1,,3')).toEqual([
      ['a', 'b "c", d\ne', 'f'],
      ['1', '', '3'],
    ]);
  });

  it('gives the same records wherever the text is cut into pieces', () => {
    const text = 'a,"b ""c"""\r\n"x\ny",2\r\nlast,"3"';
    const whole = fields(text);
    for (let cut = 1; cut < text.length; cut++) {
      expect(
        read([text.slice(0, cut), text.slice(cut)]).map((record) => record.fields),
        `cut at ${cut}`,
      ).toEqual(whole);
    }
  });

  it('spoils only its own line when a quote is broken', () => {
    const records = read(['1,"a"b,2\n3,4,5\n6,"open\n7,8,9\n']);
    expect(records.map((record) => record.fault ?? record.fields)).toEqual([
      'quote',
      ['3', '4', '5'],
      'quote',
      ['7', '8', '9'],
    ]);
    expect(records[0]?.raw).toBe('1,"a"b,2');
  });

  it('leaves out blank lines', () => {
    expect(fields('a\n\n\nb\n')).toEqual([['a'], ['b']]);
  });
});
