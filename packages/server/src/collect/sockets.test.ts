import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { basic, collectApp } from './collect-fixtures.ts';

/** What only a real connection shows: bodies that never end, senders that go away, answers before the body is read. */
describe('the collect endpoints on a socket', () => {
  let collect: Awaited<ReturnType<typeof collectApp>>;
  let port = 0;
  beforeEach(async () => {
    collect = await collectApp({ inflightBytesMax: 400_000 });
    await collect.app.listen({ port: 0, host: '127.0.0.1' });
    port = (collect.app.server.address() as { port: number }).port;
  });
  afterEach(() => collect.app.close());

  const head = (length: number | 'chunked') =>
    `POST /v1/batch HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic('key')}\r\n${
      length === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`
    }\r\n\r\n`;
  const inflight = async () => {
    const text = await collect.registry.getSingleMetricAsString('zhiyin_collect_inflight_bytes');
    return Number(/bytes (\d+)$/m.exec(text)?.[1]);
  };

  function open() {
    const socket = connect(port, '127.0.0.1');
    let received = '';
    socket.on('data', (bytes) => {
      received += bytes.toString();
    });
    socket.on('error', () => {});
    return { socket, received: () => received };
  }

  it('give the memory back when the sender goes away in the middle', async () => {
    const { socket } = open();
    socket.write(`${head(100_000)}{"batch":[`);
    await expect.poll(inflight).toBe(100_000);
    socket.destroy();
    await expect.poll(inflight).toBe(0);
    expect(collect.records).toEqual([]);
  });

  it('refuse an announced length over the limit before any of it comes', async () => {
    const { socket, received } = open();
    socket.write(head(2_000_000_000));
    await expect.poll(received).toContain('HTTP/1.1 400');
    expect(received().toLowerCase()).toContain('connection: close');
    await expect.poll(inflight).toBe(0);
  });

  it('stop taking a body without a length at the limit of memory', async () => {
    const { socket, received } = open();
    socket.write(head('chunked'));
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
    for (let index = 0; index < 7; index += 1) socket.write(chunk);
    await expect.poll(received).toMatch(/HTTP\/1\.1 429/);
    expect(received().toLowerCase()).toContain('retry-after:');
    await expect.poll(inflight).toBe(0);
    socket.destroy();
  });

  it('take a body in many small pieces, and the next request on the same connection', async () => {
    const { socket, received } = open();
    const body = JSON.stringify({ batch: [{ event: '龙井', userId: 'u' }] });
    for (let round = 1; round <= 2; round += 1) {
      socket.write(head(Buffer.byteLength(body)));
      for (const byte of Buffer.from(body)) {
        socket.write(Buffer.from([byte]));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await expect.poll(() => received().split('{"success":true}').length - 1).toBe(round);
    }
    expect(collect.records.map((record) => record.body.toString())).toEqual([body, body]);
    expect(await inflight()).toBe(0);
  });

  it('refuse a broken request without ending anything else', async () => {
    const broken = open();
    broken.socket.write('POST /v1/batch HTTP/1.1\r\nContent-Length: abc\r\n\r\n');
    await expect.poll(broken.received).toContain('400');
    const { socket, received } = open();
    socket.write(`${head(2)}{}`);
    await expect.poll(received).toContain('{"success":true}');
  });
});
