import { EXIT } from '../contract/exit-code.ts'
import type { Shutdown } from '../world/shutdown.ts'
import { out, printError } from './output.ts'

/**
 * The only way out of the process. An end that nobody planned (an exception nobody caught, a module of the user's that calls
 * `process.exit(0)`, nothing left to wait for) must neither look green nor look like exit code 1, "an attack got in".
 */
let planned = false
let crashing = false
const stacks: Shutdown[] = []

/** Longest time a crash waits for what was started to stop. After it the children end by their pipes. */
const CRASH_GRACE_MS = 10_000

/** Puts what a command started under the protection of `watchProcess`. */
export function unwindOnCrash(shutdown: Shutdown): void {
  stacks.push(shutdown)
}

/** To be called first of all. `debug`: show stacks. */
export function watchProcess(debug: boolean): void {
  // Unhandled rejections come here as well: Node raises them as exceptions.
  process.on('uncaughtException', cause => {
    if (crashing) return
    crashing = true
    printError(cause, debug)
    void unwindAll().then(() => process.exit(EXIT.bug))
  })
  process.on('exit', code => {
    if (planned || crashing) return
    process.exitCode = EXIT.bug
    process.stderr.write(
      `bug in onetap or in a module it loaded: the process was ended with code ${code} before its work was done\n`,
    )
  })
  // `onetap … | head`, or a terminal that was closed: nobody reads any more, the work goes on.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (cause: NodeJS.ErrnoException) => {
      if (!['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED'].includes(cause.code ?? '')) throw cause
    })
  }
}

/** Ends the process when everything printed has left it. After a crash the crash decides. */
export async function endProcess(code: number): Promise<void> {
  await Promise.all([process.stdout, process.stderr].map(written))
  if (crashing) return new Promise(() => {})
  planned = true
  process.exit(code)
}

/** Ends the process now, whatever is still under way. */
export function endProcessNow(code: number): never {
  planned = true
  process.exit(code)
}

async function unwindAll(): Promise<void> {
  const patience = new Promise<void>(resolve => setTimeout(resolve, CRASH_GRACE_MS))
  const unwound = Promise.all(
    stacks.map(async shutdown => {
      for (const error of await shutdown.run()) out.line(error.message)
    }),
  )
  await Promise.race([unwound, patience])
}

function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise(resolve => stream.write('', () => resolve()))
}
