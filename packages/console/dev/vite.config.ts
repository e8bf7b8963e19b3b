import { type Connect, defineConfig, mergeConfig, type Plugin } from 'vite';
import { answerFixture } from '../src/dev/fixture-api.ts';
import config from '../vite.config.ts';

/** `vite -c dev/vite.config.ts` (or `vite preview -c …`): the console on fixtures, for work on pages without a server. */
export default mergeConfig(
  config,
  defineConfig({ plugins: [fixtures()], server: { proxy: {} }, preview: { proxy: {} } }),
);

function fixtures(): Plugin {
  const attach = ({ middlewares }: { middlewares: Connect.Server }) => {
    middlewares.use(async (incoming, outgoing, next) => {
      if (!incoming.url?.startsWith('/api')) return next();
      const method = incoming.method ?? 'GET';
      const request = new Request(`http://fixtures${incoming.url}`, {
        method,
        body: method === 'GET' ? undefined : Buffer.concat(await Array.fromAsync(incoming)),
      });
      const answer = await answerFixture(request);
      outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
      outgoing.end(Buffer.from(await answer.arrayBuffer()));
    });
  };
  return { name: 'zhiyin-fixtures', configureServer: attach, configurePreviewServer: attach };
}
