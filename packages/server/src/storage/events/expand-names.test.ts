import { describe, expect, it } from 'vitest';
import { expandNames } from './expand-names.ts';

const expand = (sql: string, mayImport = false) =>
  expandNames({ name: 'question', sql, database: 'zhiyin', mayImport });
const events = '(SELECT * FROM zhiyin.events WHERE workspace_id = {workspace:UInt32})';

describe('expandNames', () => {
  it('turns a table into its rows of one workspace', () => {
    expect(expand('SELECT count() FROM @events AS e')).toBe(`SELECT count() FROM ${events} AS e`);
  });

  it('reads the newest version of replacing tables', () => {
    expect(expand('SELECT 1 FROM @items')).toContain('FROM zhiyin.items FINAL WHERE workspace_id');
  });

  it('scopes both sides of a person table', () => {
    const sql = expand('SELECT profile_id FROM @person_events');
    expect(sql.match(/workspace_id = \{workspace:UInt32\}/g)).toHaveLength(2);
  });

  it('leaves text and comments alone', () => {
    const sql = `SELECT '@events from zhiyin.events; it''s', "@odd" -- from @nothing\n FROM @events /* join zhiyin.x */`;
    expect(expand(sql)).toContain(`'@events from zhiyin.events; it''s', "@odd" -- from @nothing`);
  });

  it('compares instants with milliseconds', () => {
    expect(expand(`SELECT 1 FROM @events WHERE occurred_at < {to:DateTime} AND 1 = {b: DateTime('UTC')}`)).toContain(
      `{to:DateTime64(3)} AND 1 = {b:DateTime64(3, 'UTC')}`,
    );
  });

  it.each([
    'WITH a AS (SELECT * FROM @events), b AS (SELECT * FROM a) SELECT * FROM b WHERE name IN (SELECT name FROM a)',
    'SELECT x FROM @events ARRAY JOIN repairs AS x, repairs AS y',
    'SELECT * FROM (SELECT * FROM @events) AS e LEFT JOIN @traits AS t ON e.identity_id = t.identity_id',
    'SELECT * FROM @events WHERE name IN {names:Array(String)} AND type IN (1, 2) ORDER BY a, b',
    'SELECT count() FROM @events GROUP BY a, b UNION ALL SELECT count() FROM @traits',
    'SELECT e.from FROM @events AS e WHERE (a, b) IN tuple((1, 2))',
  ])('accepts %s', (sql) => {
    expect(expand(sql)).toContain('zhiyin.');
  });

  it.each([
    ['a plain table', 'SELECT * FROM events'],
    ['the database', 'SELECT * FROM zhiyin.events'],
    ['the database in quotes', 'SELECT * FROM `zhiyin`.`events`'],
    ['the database beside a table', 'SELECT * FROM @events, zhiyin.events'],
    ['a table beside a table', 'SELECT * FROM @events AS e, traits'],
    ['a table after a join', 'SELECT * FROM @events AS e JOIN traits AS t ON e.a = t.a'],
    ['a table after IN', 'SELECT * FROM @events WHERE name IN names'],
    ['a qualified table after IN', 'SELECT * FROM @events WHERE name IN zhiyin.names'],
    ['a column of another database’s table', 'SELECT zhiyin.events.name FROM @events'],
    ['a parameter as a table', 'SELECT * FROM {table:Identifier}'],
    ['remote()', `SELECT * FROM @events WHERE 1 IN (SELECT 1 FROM remote('h', 'd', 't'))`],
    ['merge()', `SELECT * FROM merge('zhiyin', '.*')`],
    ['dictGet()', `SELECT dictGet('zhiyin.d', 'a', 1) FROM @events`],
    ['joinGet()', `SELECT joinGet('zhiyin.d', 'a', 1) FROM @events`],
    ['file()', `SELECT * FROM file('x')`],
    ['two statements', 'SELECT 1 FROM @events; SELECT 2 FROM @events'],
    ['a write', 'INSERT INTO @events VALUES (1)'],
    ['a drop', 'DROP TABLE @events'],
    ['a CTE that hides a table', 'WITH events AS (SELECT * FROM @events) SELECT * FROM events'],
    ['an unknown table', 'SELECT * FROM @secrets'],
    ['links as people', 'SELECT * FROM @person_items'],
    ['no table at all', 'SELECT 1'],
    ['a comment between the words', 'SELECT * FROM/**/events'],
    ['a line comment between the words', 'SELECT * FROM -- @events\n events'],
  ])('refuses %s', (_, sql) => {
    expect(() => expand(sql)).toThrow(/assertion failed: question:/);
  });

  it('lets a transform read files and write to one table', () => {
    const sql = `INSERT INTO @into(reviews) SELECT * FROM file('a.csv', 'CSV') WHERE x NOT IN (SELECT y FROM @reviews)`;
    expect(expand(sql, true)).toMatch(/^INSERT INTO zhiyin\.reviews SELECT \* FROM file\('a\.csv'/);
  });

  it.each([
    ['a plain target', 'INSERT INTO reviews SELECT 1'],
    ['a qualified target', 'INSERT INTO zhiyin.reviews SELECT 1'],
    ['a function as target', `INSERT INTO FUNCTION file('x') SELECT * FROM @events`],
    ['another address', `INSERT INTO @into(reviews) SELECT * FROM url('http://x')`],
    ['a plain source', 'INSERT INTO @into(reviews) SELECT * FROM reviews'],
    ['a question', 'SELECT * FROM @events'],
    ['a second target', 'INSERT INTO @into(reviews) SELECT * FROM @into(items)'],
  ])('refuses a transform with %s', (_, sql) => {
    expect(() => expand(sql, true)).toThrow();
  });
});
