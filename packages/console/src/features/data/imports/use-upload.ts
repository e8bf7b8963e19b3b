import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { importQuery, useCreateImport } from '../../../api/imports.ts';
import { uploadFile } from '../../../api/upload-file.ts';
import { useWorkspace } from '../../../components/workspace-context.ts';

export type Upload = {
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly sentBytes: number;
  readonly startedAt: number;
};

/** Sends a chosen file and opens its page when it has arrived; leaving the page ends it. */
export function useUpload() {
  const { id: workspaceId } = useWorkspace();
  const create = useCreateImport(workspaceId);
  const client = useQueryClient();
  const navigate = useNavigate();
  const [upload, setUpload] = useState<Upload | null>(null);
  const [error, setError] = useState<unknown>(null);
  const controller = useRef<AbortController | null>(null);
  useEffect(() => () => controller.current?.abort(), []);

  const send = async (file: File) => {
    const abort = new AbortController();
    controller.current = abort;
    setError(null);
    setUpload({ fileName: file.name, sizeBytes: file.size, sentBytes: 0, startedAt: Date.now() });
    try {
      const { id: importId } = await create.mutateAsync({ fileName: file.name, sizeBytes: file.size });
      const record = await uploadFile({
        workspaceId,
        importId,
        file,
        signal: abort.signal,
        onProgress: (sentBytes) => setUpload((before) => before && { ...before, sentBytes }),
      });
      client.setQueryData(importQuery(workspaceId, importId).queryKey, record);
      void navigate({
        to: '/w/$workspaceId/data/imports/$importId',
        params: ((before: object) => ({ ...before, importId: String(importId) })) as never,
      });
    } catch (failure) {
      if (!abort.signal.aborted) setError(failure);
    } finally {
      if (!abort.signal.aborted) setUpload(null);
    }
  };
  const cancel = () => {
    controller.current?.abort();
    setUpload(null);
  };
  return { upload, error, send, cancel };
}
