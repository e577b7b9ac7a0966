import { type ChildProcess, spawn } from 'node:child_process'
import { sleep } from './clock.ts'
import { eachLine } from './lines.ts'
import { type OutputLog, outputLog } from './output-log.ts'

/** A child process held by a pipe: it ends when we do. */
export interface Child {
  readonly pid: number
  /** Resolves when the process has ended. */
  readonly ended: Promise<ChildEnd>
  /** The last lines it wrote on standard error (and on standard output after the first), newest last. */
  tail(): string[]
  /** The same in more length, for a search. */
  readonly log: OutputLog
  /** First line of standard output, or undefined when the process ended or `withinMs` went by before. */
  firstLine(withinMs: number): Promise<string | undefined>
  /** SIGTERM, and SIGKILL four seconds later. Resolves when the process has ended. */
  stop(): Promise<void>
}

/** `code` 127: the program could not be started; why is in the tail. */
export interface ChildEnd {
  code: number | null
  signal: NodeJS.Signals | null
}

export interface ChildOptions {
  cwd?: string
  env?: Record<string, string>
  /** Written to standard input, which then stays open. */
  input?: string
}

const TAIL_LINES = 40
const TAIL_LINE_LENGTH = 500
const GRACE_MS = 4000
/** What a process wrote last is still in the pipe when its end is known. */
const LAST_WORDS_MS = 500

/** Starts a command in its own process group, so that Ctrl-C in a terminal reaches only the harness. */
export function startChild(command: readonly string[], options: ChildOptions = {}): Child {
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  const tail: string[] = []
  const log = outputLog()
  const keep = (line: string): void => {
    log.add(line)
    tail.push(line.slice(0, TAIL_LINE_LENGTH))
    if (tail.length > TAIL_LINES) tail.shift()
  }
  const { promise: first, resolve: resolveFirst } = Promise.withResolvers<string | undefined>()
  let seenFirst = false
  eachLine(child.stdout, line => {
    if (seenFirst) keep(line)
    seenFirst = true
    resolveFirst(line)
  })
  eachLine(child.stderr, keep)
  const ended = endOf(child, keep)
  void ended.then(() => resolveFirst(undefined))
  // A child that ended early breaks the pipe; its exit is reported by `ended`.
  child.stdin.on('error', () => {})
  if (options.input !== undefined) child.stdin.write(options.input)
  return {
    pid: child.pid ?? -1,
    ended,
    tail: () => [...tail],
    log,
    firstLine: withinMs => Promise.race([first, sleep(withinMs).then(() => undefined)]),
    stop: () => stop(child, ended),
  }
}

function endOf(child: ChildProcess, keep: (line: string) => void): Promise<ChildEnd> {
  return new Promise(resolve => {
    child.on('error', cause => {
      keep(cause.message)
      resolve({ code: 127, signal: null })
    })
    child.on('close', (code, signal) => resolve({ code, signal }))
    // A grandchild that outlives the child and holds its pipes would keep `close` from ever coming.
    child.on('exit', (code, signal) => {
      void sleep(LAST_WORDS_MS).then(() => {
        child.stdout?.destroy()
        child.stderr?.destroy()
        resolve({ code, signal })
      })
    })
  })
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.pid === undefined) return
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
  await ended
  clearTimeout(timer)
}

/** What a process that ended said about why: the last line that names an error, else its last lines. Stack frames say little. */
export function lastWords(tail: readonly string[]): string {
  const named = tail.findLast(
    line => /\b[A-Za-z]*Error\b|\berror\b|EADDRINUSE|not found|cannot/i.test(line) && !/^\s+at /.test(line),
  )
  return named?.trim() ?? (tail.slice(-3).join(' | ') || 'no output')
}
