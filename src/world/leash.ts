/**
 * Child entry: runs the command given after it in a process group of its own and ends that group when our standard input
 * closes, which it does when the harness dies in any way, kill -9 included. A target command knows nothing of us, so this does.
 */
import { spawn } from 'node:child_process'

const [command = '', ...args] = process.argv.slice(2)
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: true })

function signalGroup(signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal)
  } catch (cause) {
    // ESRCH: the group is gone. EPERM: macOS says so when only ended processes are left in it.
    const { code } = cause as NodeJS.ErrnoException
    if (code !== 'ESRCH' && code !== 'EPERM') throw cause
  }
}

let ending = false
function end(): void {
  if (ending) return
  ending = true
  signalGroup('SIGTERM')
  setTimeout(() => signalGroup('SIGKILL'), 3000).unref()
}

child.on('error', cause => {
  process.stderr.write(`cannot start ${command}: ${cause.message}\n`)
  process.exit(127)
})
child.on('exit', (code, signal) => {
  // Grandchildren of a shell or npm may live on in the group.
  signalGroup('SIGKILL')
  process.exit(code ?? (signal === 'SIGTERM' || signal === 'SIGINT' ? 0 : 1))
})
process.stdin.on('end', end).on('error', end).resume()
process.on('SIGTERM', end)
// Ctrl-C in a terminal reaches the whole foreground group; the harness decides when its children stop.
process.on('SIGINT', () => {})
