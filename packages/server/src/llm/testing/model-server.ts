import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type SeenRequest = {
  readonly url: string;
  readonly authorization: string;
  readonly body: Record<string, unknown>;
  readonly raw: string;
};
export type Behaviour = {
  /** What chat answers. */
  answer: (request: SeenRequest) => string;
  dimensions: number;
  base64: boolean;
  /** Statuses to answer with first, one per request. */
  failFirst: { status: number; headers?: Record<string, string>; body?: string }[];
  refuseModes: string[];
  delayMs: number;
  garbage: boolean;
  dropConnection: boolean;
  usage: boolean;
  /** Texts above which a batch of embeddings is refused. */
  batchMax: number;
};

const normal = (): Behaviour => ({
  answer: () => 'Hello',
  dimensions: 4,
  base64: false,
  failFirst: [],
  refuseModes: [],
  delayMs: 0,
  garbage: false,
  dropConnection: false,
  usage: true,
  batchMax: 2_048,
});

export type ModelServer = {
  readonly url: string;
  readonly seen: SeenRequest[];
  behave(change?: Partial<Behaviour>): void;
  close(): Promise<void>;
};

/** A small server that speaks the protocol for real over loopback: chat as JSON and as a stream, embeddings, and everything that goes wrong. */
export async function openModelServer(): Promise<ModelServer> {
  let behaviour = normal();
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks).toString('utf8');
    const one = {
      url: request.url ?? '',
      authorization: request.headers.authorization ?? '',
      body: JSON.parse(raw),
      raw,
    };
    seen.push(one);
    const { delayMs, dropConnection, garbage } = behaviour;
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    if (dropConnection) return void request.socket.destroy();
    const failure = behaviour.failFirst.shift();
    if (failure) return void response.writeHead(failure.status, failure.headers).end(failure.body ?? '');
    if (garbage) return void response.end('<html>not what was asked for</html>');
    if (one.url.endsWith('/embeddings')) return embed(one, response);
    return chat(one, response);
  }

  function embed({ body }: SeenRequest, response: ServerResponse): void {
    const input = body.input as string[];
    if (input.length > behaviour.batchMax) {
      return void json(response, 400, { error: { message: `batch size is at most ${behaviour.batchMax}` } });
    }
    const data = input.map((text, index) => {
      const vector = vectorOf(text, behaviour.dimensions);
      const bytes = Buffer.from(vector.buffer);
      return { index, object: 'embedding', embedding: behaviour.base64 ? bytes.toString('base64') : [...vector] };
    });
    json(response, 200, {
      object: 'list',
      data: data.toReversed(),
      ...(behaviour.usage ? { usage: { prompt_tokens: input.length * 3 } } : {}),
    });
  }

  async function chat(request: SeenRequest, response: ServerResponse): Promise<void> {
    const { body } = request;
    const mode = (body.response_format as { type?: string } | undefined)?.type ?? 'text';
    if (behaviour.refuseModes.includes(mode)) {
      return void json(response, 400, { error: { message: `response_format ${mode} is not supported` } });
    }
    const text = behaviour.answer(request);
    const usage = { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 };
    const base = { id: 'c1', created: 1, model: body.model };
    if (!body.stream) {
      const choices = [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }];
      return void json(response, 200, {
        ...base,
        object: 'chat.completion',
        choices,
        ...(behaviour.usage ? { usage } : {}),
      });
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (data: unknown) =>
      response.write(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
    for (let at = 0; at < text.length; at += 3) {
      const delta = { role: 'assistant', content: text.slice(at, at + 3) };
      send({ ...base, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: null }] });
      await new Promise((resolve) => setImmediate(resolve));
    }
    send({ ...base, object: 'chat.completion.chunk', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
    if (behaviour.usage) send({ ...base, object: 'chat.completion.chunk', choices: [], usage });
    send('[DONE]');
    response.end();
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    seen,
    behave(change = {}) {
      behaviour = { ...normal(), ...change };
      seen.length = 0;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The same text, the same vector; exact in 32 bits. */
export function vectorOf(text: string, dimensions: number): Float32Array {
  return Float32Array.from({ length: dimensions }, (_, i) => ((text.charCodeAt(i % text.length) % 16) + 1) / 16);
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
