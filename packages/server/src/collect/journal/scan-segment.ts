import { type FileHandle, open } from 'node:fs/promises';
import { scanFrame } from './record-codec.ts';
import { headerBytes, segmentPath } from './segment-header.ts';

export type SegmentScan = {
  /** End of the last whole record. */
  readonly end: number;
  /** Sum of the counts of the records passed. */
  readonly records: number;
  readonly fileBytes: number;
};

const blockBytes = 4 * 1_048_576;

/** Walks a segment from record to record, in bounded memory, until `until` or the first byte that is no whole record. */
export async function scanSegment(
  dir: string,
  segment: number,
  options: { from?: number; until?: number; verify: boolean },
): Promise<SegmentScan> {
  const file = await open(segmentPath(dir, segment), 'r');
  try {
    const fileBytes = (await file.stat()).size;
    const until = Math.min(options.until ?? fileBytes, fileBytes);
    let end = options.from ?? headerBytes;
    let records = 0;
    let wanted = blockBytes;
    while (end < until) {
      const block = await readAt(file, end, Math.min(wanted, until - end));
      const walked = walkFrames(block, options.verify);
      end += walked.end;
      records += walked.records;
      if (walked.damaged || (walked.end === 0 && block.length < wanted)) break;
      wanted = walked.end === 0 ? walked.needs : blockBytes;
    }
    return { end, records, fileBytes };
  } finally {
    await file.close();
  }
}

function walkFrames(block: Buffer, verify: boolean) {
  let end = 0;
  let records = 0;
  for (;;) {
    const frame = scanFrame(block, end, verify);
    if (frame.kind === 'damaged') return { end, records, damaged: true, needs: 0 };
    if (frame.kind === 'incomplete') return { end, records, damaged: false, needs: frame.needs };
    end = frame.end;
    records += frame.count;
  }
}

/** @returns fewer bytes only where the file ends. */
export async function readAt(file: FileHandle, position: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(bytes);
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await file.read(buffer, filled, bytes - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
