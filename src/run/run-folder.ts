import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { HarnessError } from '../contract/errors.ts'

/** Where a run writes: `--out DIR`, or `.onetap/runs/<id>` with `.onetap/latest` pointing at it. */
export interface RunFolder {
  readonly path: string
  file(name: string): string
  write(name: string, content: string): void
}

export function createRunFolder(cwd: string, runId: string, out: string | undefined): RunFolder {
  const path = out === undefined ? join(cwd, '.onetap', 'runs', runId) : resolve(cwd, out)
  onDisk(path, () => mkdirSync(join(path, 'work'), { recursive: true }))
  pointLatestAt(join(cwd, '.onetap', 'latest'), path)
  return {
    path,
    file: name => join(path, name),
    write: (name, content) =>
      onDisk(path, () => {
        // Written beside and renamed: a reader never sees half a document.
        writeFileSync(join(path, `${name}.part`), content)
        renameSync(join(path, `${name}.part`), join(path, name))
      }),
  }
}

function pointLatestAt(link: string, path: string): void {
  try {
    mkdirSync(dirname(link), { recursive: true })
    rmSync(link, { force: true })
    symlinkSync(relative(dirname(link), path), link, 'dir')
  } catch {
    // A convenience: on file systems without links, or with a read-only working folder and --out, the run goes on without it.
  }
}

/** Turns a file-system failure into the one sentence a person needs. */
export function onDisk<T>(path: string, write: () => T): T {
  try {
    return write()
  } catch (cause) {
    throw diskError(path, cause)
  }
}

export function diskError(path: string, cause: unknown): HarnessError {
  const code = (cause as NodeJS.ErrnoException).code
  const why =
    code === 'ENOSPC'
      ? 'the disk is full'
      : code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
        ? 'it may not be written'
        : String(code ?? cause)
  return new HarnessError('DISK', `run folder ${path}: ${why}`, { hint: 'free space, or name another folder with --out', cause })
}
