import { constants } from 'node:fs';
import { cp } from 'node:fs/promises';

/** Without copying bytes where the file system can share them. Something that went away meanwhile is no error. */
export async function copyIfThere(
  from: string,
  to: string,
  isWanted: (file: string) => boolean = () => true,
): Promise<void> {
  try {
    await cp(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE, filter: isWanted });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
  }
}
