import { spawnSync } from 'node:child_process'

const PINNED = process.platform === 'linux' && spawnSync('taskset', ['--version']).status === 0

/** Core of the server under measurement and core of whoever measures, so that they do not take time from each other. */
export const SERVER_CORE = 1
export const CLIENT_CORE = 0

/** A command kept on one core where the system can do that. */
export function onCore(core: number, command: readonly string[]): readonly [string, string[]] {
  const [program = '', ...args] = PINNED ? ['taskset', '-c', String(core), ...command] : command
  return [program, args]
}

/** Keeps this very process on a core. */
export function pinSelf(core: number): void {
  if (PINNED) spawnSync('taskset', ['-a', '-c', '-p', String(core), String(process.pid)])
}
