import { existsSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** The built console. Files with a hash in their name never change; index.html is asked for every time. */
export async function registerConsoleFiles(app: FastifyInstance, consoleDir: string): Promise<void> {
  if (!existsSync(path.join(consoleDir, 'index.html'))) return;
  await app.register(fastifyStatic, {
    root: consoleDir,
    index: 'index.html',
    cacheControl: false,
    // The build writes a .gz beside each file.
    preCompressed: true,
    setHeaders: (reply, filePath) => {
      const hashed = filePath.includes(`${path.sep}assets${path.sep}`);
      reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}

/** Any address that is no file and no API is a page of the console; the console decides what it shows. */
export function sendConsole(request: FastifyRequest, reply: FastifyReply, consoleDir: string): FastifyReply {
  reply.header('cache-control', 'no-cache');
  if (typeof reply.sendFile === 'function') return reply.sendFile('index.html', consoleDir);
  request.log.debug('the console is not built');
  return reply.code(503).type('text/html; charset=utf-8').send(notBuiltPage);
}

const notBuiltPage = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Zhiyin</title>
<body style="font: 16px/1.6 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem">
<h1>The console is not built yet</h1>
<p>The server runs. Build the console with <code>npm run build</code>, or use <code>npm start</code>, which builds when needed; then start the server again.</p>
<p>控制台尚未构建。请运行 <code>npm run build</code>（<code>npm start</code> 会自动构建），然后重新启动服务器。</p>
<p>The API is at <a href="/api/docs">/api/docs</a>.</p>
</body></html>`;
