import { open } from 'node:fs/promises';

/** The few file operations the writer needs; a test hands in one that fails on purpose. */
export interface JournalFile {
  /** Writes all of it at the position, or throws. */
  writeAll(buffers: readonly Buffer[], position: number): Promise<void>;
  datasync(): Promise<void>;
  truncate(bytes: number): Promise<void>;
  close(): Promise<void>;
}

export type OpenJournalFile = (filePath: string) => Promise<JournalFile>;

/** The system takes at most 1,024 pieces in one call. */
const piecesMax = 1_024;

export const openJournalFile: OpenJournalFile = async (filePath) => {
  const file = await open(filePath, 'r+');
  return {
    async writeAll(buffers, position) {
      let at = position;
      for (let first = 0; first < buffers.length; first += piecesMax) {
        let rest = buffers.slice(first, first + piecesMax);
        // A full disk shows as a short write first and as an error at the next try.
        while (rest.length > 0) {
          const { bytesWritten } = await file.writev(rest, at);
          if (bytesWritten === 0) throw Object.assign(new Error('nothing was written'), { code: 'EIO' });
          at += bytesWritten;
          rest = dropBytes(rest, bytesWritten);
        }
      }
    },
    datasync: () => file.datasync(),
    truncate: (bytes) => file.truncate(bytes),
    close: () => file.close(),
  };
};

function dropBytes(buffers: readonly Buffer[], bytes: number): Buffer[] {
  let left = bytes;
  for (const [index, buffer] of buffers.entries()) {
    if (left < buffer.length) return [buffer.subarray(left), ...buffers.slice(index + 1)];
    left -= buffer.length;
  }
  return [];
}
