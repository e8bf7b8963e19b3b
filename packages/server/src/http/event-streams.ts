import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../domain/app-error.ts';
import type { WorkspaceId } from '../domain/ids.ts';

export type EventStreams = {
  open(
    request: FastifyRequest,
    reply: FastifyReply,
    workspaceId: WorkspaceId,
    follow: (signal: AbortSignal) => AsyncIterable<unknown[]>,
  ): Promise<void>;
  closeAll(): void;
};

export type EventStreamOptions = {
  readonly perWorkspaceMax: number;
  readonly heartbeatMs: number;
  /** Asked at every heartbeat: whoever lost the right to listen is cut off. */
  readonly mayListen: (request: FastifyRequest) => Promise<boolean>;
};

/** Server-sent events: one open answer per listener, counted per workspace, ended when the listener leaves or the server stops. */
export function createEventStreams(options: EventStreamOptions): EventStreams {
  const open = new Map<WorkspaceId, Set<AbortController>>();

  return {
    async open(request, reply, workspaceId, follow) {
      const streams = open.get(workspaceId) ?? new Set();
      if (streams.size >= options.perWorkspaceMax) {
        throw new AppError('overload', `This workspace has ${streams.size} live streams open already.`, {
          details: { retryAfterSeconds: 30, fix: 'Close another tab that shows the live stream.' },
        });
      }
      const controller = new AbortController();
      open.set(workspaceId, streams.add(controller));
      const { raw } = reply;
      raw.on('close', () => controller.abort());
      const heartbeat = setInterval(async () => {
        if (await options.mayListen(request).catch(() => false)) raw.write(': still here\n\n');
        else controller.abort();
      }, options.heartbeatMs);
      reply.hijack();
      raw.writeHead(200, {
        ...stringHeaders(reply),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        // Not to be used again: nothing waits for it when the server stops.
        connection: 'close',
      });
      raw.write('retry: 3000\n\n');
      try {
        for await (const rows of follow(controller.signal)) {
          if (controller.signal.aborted) break;
          if (rows.length > 0) await write(raw, `event: events\ndata: ${JSON.stringify(rows)}\n\n`, controller.signal);
        }
      } catch (error) {
        // The headers are out: ending the line makes the browser ask again, and then it gets the problem.
        if (!controller.signal.aborted) request.log.warn({ err: error }, 'live stream ended');
      } finally {
        clearInterval(heartbeat);
        streams.delete(controller);
        if (streams.size === 0) open.delete(workspaceId);
        raw.end();
      }
    },
    closeAll() {
      for (const streams of open.values()) for (const controller of streams) controller.abort();
    },
  };
}

/** A listener that does not read must not fill our memory. */
async function write(raw: FastifyReply['raw'], text: string, signal: AbortSignal): Promise<void> {
  if (raw.write(text) || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      raw.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    raw.once('drain', done);
    signal.addEventListener('abort', done, { once: true });
  });
}

function stringHeaders(reply: FastifyReply): Record<string, string> {
  return Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]));
}
