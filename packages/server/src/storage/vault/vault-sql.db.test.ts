import { afterAll, beforeAll, expect, test } from 'vitest';
import { asSourceId, type WorkspaceId } from '../../domain/ids.ts';
import { openTestStores, type TestStores } from '../testing.ts';
import { normaliseIdentifier } from './normalise-identifier.ts';
import type { WorkspaceVault } from './vault.ts';
import {
  messageKeySql,
  normalisedEmailSql,
  normalisedPhoneSql,
  openRecordSql,
  sealRecordSql,
  surrogateSql,
  trimmedSql,
} from './vault-sql.ts';

let stores: TestStores;
let workspaceId: WorkspaceId;
let vault: WorkspaceVault;
beforeAll(async () => {
  stores = await openTestStores();
  workspaceId = await stores.newWorkspace();
  vault = await stores.vault.of(workspaceId);
});
afterAll(() => stores?.close());

async function ask(expression: string, parameters: Record<string, string>): Promise<string[]> {
  const sql = `select ${expression} as answer from numbers(1)`;
  return (await stores.events.maintain<{ answer: string }>(sql, 'a test', parameters)).map((row) => row.answer);
}

const values = [
  'u-1',
  '李雷',
  "a'b\\",
  'Li@Example.com',
  ' 138 0013 8000 ',
  '（+86）13800138000',
  'ｌｉ@example.com\uFEFF',
  'ÀÉ@x.de',
  'n/a',
];

test.each(values)('the engine and the vault give %j the same surrogate and message key', async (value) => {
  const { surrogateKey, messageKey } = vault.engineKeys();
  const forms = {
    user_id: trimmedSql('{value:String}'),
    email: normalisedEmailSql('{value:String}'),
    phone: normalisedPhoneSql('{value:String}', 'CN'),
  } as const;
  for (const kind of ['user_id', 'email', 'phone'] as const) {
    expect(await ask(forms[kind], { value })).toEqual([normaliseIdentifier(kind, value, 'CN')]);
    const answer = await ask(`toString(${surrogateSql(`'${kind}'`, forms[kind])})`, { value, surrogateKey });
    expect(answer).toEqual([vault.surrogate(kind, value)]);
  }
  expect(await ask(messageKeySql('7', '{value:String}'), { value, messageKey })).toEqual([
    vault.messageKey(asSourceId(7), value),
  ]);
});

test('records sealed on one side open on the other', async () => {
  const { recordKey } = vault.engineKeys();
  const sealed = vault.sealRecord(Buffer.from('{"名":1}')).toString('base64');
  expect(await ask(openRecordSql('{sealed:String}'), { sealed, recordKey })).toEqual(['{"名":1}']);
  const [made] = await ask(sealRecordSql('{text:String}', 'number'), { text: '行', recordKey });
  expect(vault.openRecord(Buffer.from(made!, 'base64')).toString('utf8')).toBe('行');
});
