import { readdirSync, readFileSync } from 'node:fs'

const PAGE_MB = 4096 / 2 ** 20

/** Resident memory of a process and all its descendants together, MB; pages they share are counted for each. Linux; elsewhere NaN. */
export function treeMemoryMb(root: number): number {
  const parents = new Map<number, number>()
  const pages = new Map<number, number>()
  let names: string[]
  try {
    names = readdirSync('/proc')
  } catch {
    return Number.NaN
  }
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue
    try {
      // After the name in brackets, which may hold anything: state, parent, …; resident pages are field 24.
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
      parents.set(Number(name), Number(fields[1]))
      pages.set(Number(name), Number(fields[21]))
    } catch {
      // Gone since the list was read.
    }
  }
  const belongs = (pid: number | undefined): boolean =>
    pid === root || (pid !== undefined && pid > 1 && belongs(parents.get(pid)))
  let sum = 0
  for (const [pid, count] of pages) if (belongs(pid)) sum += count
  return sum * PAGE_MB
}
