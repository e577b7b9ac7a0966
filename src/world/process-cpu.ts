import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks a second that /proc counts in: USER_HZ, 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

/**
 * CPU time of a process and all its living descendants so far, milliseconds, to 10 ms; undefined where the system does not tell
 * (anything but Linux) or the process is gone.
 */
export function processTreeCpuMs(pid: number): number | undefined {
  const own = ticksOf(pid)
  if (own === undefined) return undefined
  let ticks = own
  for (const child of childrenOf(pid)) ticks += ((processTreeCpuMs(child) ?? 0) * TICKS_PER_SECOND) / 1000
  return (ticks * 1000) / TICKS_PER_SECOND
}

/** utime + stime: fields 14 and 15 of proc_pid_stat(5), counted after the name, which may hold spaces and brackets. */
function ticksOf(pid: number): number | undefined {
  const text = readOr(`/proc/${pid}/stat`)
  if (text === undefined) return undefined
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}

function childrenOf(pid: number): number[] {
  let threads: string[]
  try {
    threads = readdirSync(`/proc/${pid}/task`)
  } catch {
    // Gone between two looks.
    return []
  }
  return threads.flatMap(thread => (readOr(`/proc/${pid}/task/${thread}/children`) ?? '').split(' ').filter(Boolean).map(Number))
}

function readOr(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
