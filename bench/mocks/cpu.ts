import { readFileSync } from 'node:fs'

/** Clock ticks a second: 100 on every Linux that Node runs on. */
const TICKS = 100

/** Processor seconds a process has used, all its threads together; undefined where the system does not tell. */
export function cpuSeconds(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS
}
