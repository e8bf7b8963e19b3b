import { importSchema } from '@zhiyin/contract';
import { ApiError } from './api-error.ts';
import { getCsrfToken, toProblem } from './client.ts';
import { workspacePath } from './workspace-path.ts';

type Upload = {
  readonly workspaceId: number;
  readonly importId: number;
  readonly file: Blob;
  readonly signal: AbortSignal;
  readonly onProgress: (sentBytes: number) => void;
};

/**
 * Sends the bytes of an import. XMLHttpRequest, because `fetch` does not tell how much has been sent.
 * @returns the import with what was detected in the file
 * @throws ApiError as `request` does; an AbortError when cancelled.
 */
export function uploadFile({ workspaceId, importId, file, signal, onProgress }: Upload) {
  return new Promise<ReturnType<typeof importSchema.parse>>((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open('PUT', workspacePath(workspaceId, `/imports/${importId}/file`));
    call.setRequestHeader('content-type', 'application/octet-stream');
    call.setRequestHeader('x-csrf-token', getCsrfToken());
    call.upload.onprogress = (event) => onProgress(event.loaded);
    call.onload = () => {
      const body = parseJson(call.responseText);
      const answer = importSchema.safeParse(body);
      if (call.status < 300 && answer.success) return resolve(answer.data);
      const headers = new Headers({ 'x-request-id': call.getResponseHeader('x-request-id') ?? '' });
      reject(new ApiError(toProblem(body, { status: call.status, statusText: call.statusText, headers })));
    };
    call.onerror = () =>
      reject(
        new ApiError({
          type: 'about:blank',
          title: 'No answer',
          status: 0,
          code: 'network.unreachable',
          detail: `PUT imports/${importId}/file: the connection broke`,
          instance: '',
        }),
      );
    call.onabort = () => reject(new DOMException('The upload was cancelled', 'AbortError'));
    signal.addEventListener('abort', () => call.abort(), { once: true });
    call.send(file);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
