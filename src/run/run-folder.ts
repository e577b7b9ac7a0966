import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { HarnessError } from '../contract/errors.ts'

/** Where a run writes: `--out DIR`, or `.onetap/runs/<id>` with `.onetap/latest` pointing at it. */
export interface RunFolder {
  readonly path: string
  file(name: string): string
  write(name: string, content: string): void
}

/** What a run leaves behind; a folder that holds one of these is taken. */
const TRACES = ['plan.json', 'evidence.jsonl', 'result.json'] as const

/** Makes the folder, and has `latest` name it unless told not to. Throws HarnessError DISK, or USAGE when another run's evidence lies in it: two runs must not mix. */
export function createRunFolder(cwd: string, runId: string, out: string | undefined, latest = true): RunFolder {
  const path = out === undefined ? join(cwd, '.onetap', 'runs', runId) : resolve(cwd, out)
  const trace = TRACES.find(name => statSync(join(path, name), { throwIfNoEntry: false })?.isFile() ?? false)
  if (trace !== undefined) {
    throw new HarnessError('USAGE', `run folder ${path} holds the ${trace} of an earlier run`, {
      hint: 'name another folder with --out, or remove this one first',
    })
  }
  onDisk(path, () => mkdirSync(path, { recursive: true }))
  if (latest) pointLatestAt(join(cwd, '.onetap', 'latest'), path)
  return {
    path,
    file: name => join(path, name),
    write: (name, content) => onDisk(path, () => writeWholeFile(join(path, name), content)),
  }
}

/** Written beside and renamed: a reader never sees half a document. */
export function writeWholeFile(file: string, content: string): void {
  writeFileSync(`${file}.part`, content)
  renameSync(`${file}.part`, file)
}

function pointLatestAt(link: string, path: string): void {
  const beside = `${link}.${process.pid}`
  try {
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(relative(dirname(link), path), beside, 'dir')
    // Renaming replaces the old link in one step: two runs at once leave one of their two links, never none.
    renameSync(beside, link)
  } catch {
    // A convenience: on file systems without links, or with a read-only working folder and --out, the run goes on without it.
    rmSync(beside, { force: true })
  }
}

/** Turns a file-system failure into the one sentence a person needs; anything else goes through as it is. */
export function onDisk<T>(path: string, write: () => T): T {
  try {
    return write()
  } catch (cause) {
    throw diskError(path, cause)
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'it may not be written',
  EPERM: 'it may not be written',
  EROFS: 'it may not be written',
  EEXIST: 'a file is in its place',
  ENOTDIR: 'a file is in its place',
}

/** HarnessError DISK for a failure of the file system. Rethrows what is none: a bug must not look like a full disk. */
export function diskError(path: string, cause: unknown): HarnessError {
  const code = cause instanceof Error && 'syscall' in cause ? (cause as NodeJS.ErrnoException).code : undefined
  if (code === undefined) throw cause
  return new HarnessError('DISK', `run folder ${path}: ${REASONS[code] ?? code}`, {
    hint: 'free space, or name another folder with --out',
    cause,
  })
}
