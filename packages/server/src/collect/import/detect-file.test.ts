import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { detectFile } from './detect-file.ts';
import { temporaryFile } from './testing.ts';

const gbk = (text: string) =>
  Buffer.from([...text].flatMap((character) => gbkOf.get(character) ?? [...Buffer.from(character)]));
// 订单号 用户手机商品名称金额下单时间 in GBK, from the standard's table.
const gbkOf = new Map<string, number[]>(
  Object.entries({
    订: [0xb6, 0xa9],
    单: [0xb5, 0xa5],
    号: [0xba, 0xc5],
    用: [0xd3, 0xc3],
    户: [0xbb, 0xa7],
    金: [0xbd, 0xf0],
    额: [0xb6, 0xee],
    下: [0xcf, 0xc2],
    时: [0xca, 0xb1],
    间: [0xbc, 0xe4],
  }),
);
const fieldsOf = async (name: string, bytes: Buffer | string, options = {}) => {
  const found = await detectFile(await temporaryFile(name, bytes), options);
  return { ...found, fields: Object.fromEntries(found.columns.map((column) => [column.name, column.field])) };
};

describe('detectFile', () => {
  it('knows an order export by its headers and says why', async () => {
    const found = await fieldsOf(
      'orders.csv',
      'Invoice No,Stock_Code,unitPrice,Qty,InvoiceDate,CustomerID\n1,A,2.5,3,2010-12-01 08:26:00,17850.0\n',
    );
    expect(found.kindGuess).toBe('orders');
    expect(found.fields).toEqual({
      'Invoice No': 'order_id',
      Stock_Code: 'item_id',
      unitPrice: 'price',
      Qty: 'quantity',
      InvoiceDate: 'timestamp',
      CustomerID: 'user_id',
    });
    expect(found.columns[0]?.because).toContain('header "Invoice No"');
  });

  it('knows Chinese headers in a GBK file', async () => {
    const found = await fieldsOf('orders.csv', gbk('订单号,用户号,金额,下单时间\n1,u1,12.50,2024-01-02 03:04:05\n'));
    expect(found).toMatchObject({ encoding: 'gb18030', kindGuess: 'orders' });
    expect(found.fields).toEqual({ 订单号: 'order_id', 用户号: 'user_id', 金额: 'amount', 下单时间: 'timestamp' });
  });

  it.each([
    ['customers', '姓名,手机号,邮箱,性别,生日\n王芳,13800138000,w@example.com,女,1990-01-01\n'],
    ['catalogue', '商品编号,商品名称,价格,库存,品牌\nA1,茶杯,12.50,3,景德镇\n'],
    ['reviews', '商品编号,评分,评论内容,评论时间\nA1,5,很好用,2024-01-01\n'],
    ['spend', '日期,渠道,花费,展现,点击\n2024-01-01,抖音,1000.50,20000,300\n'],
    ['events', 'event_time,event_type,product_id,price,user_id\n2019-10-01 00:00:00 UTC,view,1,2.5,u1\n'],
  ])('guesses that the file holds %s', async (kind, text) => {
    expect((await fieldsOf('x.csv', text)).kindGuess).toBe(kind);
  });

  it('reads UTF-16 with a byte order mark, tabs and semicolons', async () => {
    const text = 'order_id\tuser_id\tdate\tamount\n1\tu\t2024-01-01\t5.00\n';
    const wide = await fieldsOf('x.txt', Buffer.from(`\uFEFF${text}`, 'utf16le'));
    expect(wide).toMatchObject({ encoding: 'utf-16le', format: 'tsv', delimiter: '\t', kindGuess: 'orders' });
    expect(await fieldsOf('x.csv', `\uFEFF${text.replaceAll('\t', ';')}`)).toMatchObject({
      encoding: 'utf-8',
      delimiter: ';',
      fields: { order_id: 'order_id' },
    });
  });

  it('looks into gzip and zstd by their first bytes, whatever the name says', async () => {
    const text = 'order_id,user_id,date,amount\n1,u,2024-01-01,5.00\n';
    expect(await fieldsOf('x.csv', gzipSync(text))).toMatchObject({ compression: 'gzip', kindGuess: 'orders' });
    expect(await fieldsOf('x.csv', zstdCompressSync(text))).toMatchObject({ compression: 'zstd', kindGuess: 'orders' });
  });

  it('reads newline-delimited JSON', async () => {
    const found = await fieldsOf(
      'x.ndjson',
      '{"event":"view","timestamp":"2024-01-01T00:00:00Z","userId":"u1","__proto__":{"admin":true}}\n',
    );
    expect(found).toMatchObject({ format: 'ndjson', kindGuess: 'events' });
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it('sees that there is no header', async () => {
    const found = await fieldsOf('x.csv', '1,2024-01-01,5.00\n2,2024-01-02,6.00\n');
    expect(found).toMatchObject({ hasHeader: false, rowsEstimate: 2 });
    expect(found.columns[0]?.name).toBe('column_1');
  });

  it('names columns that are called the same or not at all', async () => {
    const found = await fieldsOf('x.csv', 'id,name,,name,__proto__\n1,a,b,c,d\n', { options: { hasHeader: true } });
    expect(found.columns.map((column) => column.name)).toEqual(['id', 'name', 'column_3', 'name_2', '__proto__']);
  });

  it('lets a saved mapping with the same headers win', async () => {
    const saved = [
      { name: 'Till', kind: 'orders' as const, mapping: { a: 'order_id', b: 'user_id', c: 'timestamp' }, options: {} },
    ];
    const found = await fieldsOf('x.csv', 'a,b,c\n1,2,2024-01-01\n', { saved });
    expect(found).toMatchObject({ kindGuess: 'orders', fields: { a: 'order_id', b: 'user_id', c: 'timestamp' } });
    expect(found.columns[0]?.because).toBe('saved mapping "Till"');
  });

  it('says what to do with an empty file, a damaged one and one that is packed another way', async () => {
    await expect(fieldsOf('x.csv', '')).rejects.toThrow('the file is empty');
    await expect(fieldsOf('x.csv', gzipSync('a,b\n1,2\n'.repeat(1000)).subarray(0, 40))).rejects.toThrow('damaged');
    await expect(fieldsOf('x.csv', Buffer.from('PK\x03\x04 and more'))).rejects.toThrow('packed in a way');
  });

  it('unpacks no more of a bomb than it looks at', async () => {
    const bomb = gzipSync(Buffer.concat([Buffer.from('a,b\n'), Buffer.alloc(64 * 1024 * 1024, '1,2\n')]));
    const before = process.memoryUsage().arrayBuffers;
    expect((await fieldsOf('x.csv.gz', bomb)).hasHeader).toBe(true);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(48 * 1024 * 1024);
  });
});
