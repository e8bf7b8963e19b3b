import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerProblem } from './answer-errors.ts';
import { sendConsole } from './console-files.ts';
import type { DeclaredRoute } from './policy.ts';

/** Nothing at this address: another method would do (405), it is a page of the console, or it does not exist (404). */
export function createNotFound(routes: readonly DeclaredRoute[], consoleDir: string) {
  return function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const [path = '/'] = request.url.split('?');
    const methods = [...new Set(routes.filter((route) => matches(route.url, path)).map((route) => route.method))];
    if (methods.length > 0) {
      return answerProblem(reply.header('allow', methods.join(', ')), {
        status: 405,
        code: 'method_not_allowed',
        detail: `${request.method} is not possible here.`,
        fix: `Use ${methods.join(' or ')}.`,
      });
    }
    const isPage = request.method === 'GET' || request.method === 'HEAD';
    if (isPage && !/^\/(api|v1)(\/|$)/.test(path) && !/\.\w{1,8}$/.test(path))
      return sendConsole(request, reply, consoleDir);
    return answerProblem(reply, {
      status: 404,
      code: 'not_found',
      detail: `There is nothing at ${path.slice(0, 200)}.`,
      fix: 'The reference at /api/docs lists every address.',
    });
  };
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  return (
    wanted.length === given.length &&
    wanted.every((part, i) => (part.startsWith(':') ? given[i] !== '' : part === given[i]))
  );
}
