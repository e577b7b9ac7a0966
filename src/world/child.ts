import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { sleep } from './clock.ts'

/** A child process held by a pipe: it ends when we do. */
export interface Child {
  readonly pid: number
  /** Resolves when the process has ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** The last lines it wrote on standard error (and on standard output after the first), newest last. */
  tail(): string[]
  /** First line of standard output, or undefined when the process ended or `withinMs` went by before. */
  firstLine(withinMs: number): Promise<string | undefined>
  stop(): Promise<void>
}

export interface ChildOptions {
  cwd?: string
  env?: Record<string, string>
  /** Written to standard input, which then stays open. */
  input?: string
}

const TAIL_LINES = 40
const GRACE_MS = 4000

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
  const keep = (line: string): void => {
    tail.push(line.slice(0, 500))
    if (tail.length > TAIL_LINES) tail.shift()
  }
  let resolveFirst: (line: string | undefined) => void = () => {}
  const first = new Promise<string | undefined>(resolve => {
    resolveFirst = resolve
  })
  let seenFirst = false
  eachLine(child.stdout, line => {
    if (seenFirst) keep(line)
    seenFirst = true
    resolveFirst(line)
  })
  eachLine(child.stderr, keep)
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(resolve => {
    child.on('error', cause => {
      keep(cause.message)
      resolve({ code: 127, signal: null })
    })
    child.on('close', (code, signal) => resolve({ code, signal }))
  })
  void ended.then(() => resolveFirst(undefined))
  // A child that ended early breaks the pipe; its exit is reported by `ended`.
  child.stdin.on('error', () => {})
  if (options.input !== undefined) child.stdin.write(options.input)
  return {
    pid: child.pid ?? -1,
    ended,
    tail: () => [...tail],
    firstLine: withinMs => Promise.race([first, sleep(withinMs).then(() => undefined)]),
    stop: () => stop(child, ended),
  }
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
  await ended
  clearTimeout(timer)
}

/** Lines of a stream, cut at 64 KiB each: a child cannot fill our memory with one endless line. */
function eachLine(stream: Readable, take: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    rest += chunk
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      take(rest.slice(0, end))
      rest = rest.slice(end + 1)
    }
    if (rest.length > 65_536) rest = rest.slice(0, 65_536)
  })
  stream.on('end', () => {
    if (rest !== '') take(rest)
  })
}
