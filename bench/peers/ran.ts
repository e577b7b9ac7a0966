import { spawn } from 'node:child_process'

/** What a program wrote, on either stream, and whether it was cut off. */
export interface Ran {
  output: string
  isLate: boolean
}

/** Runs another tool for at most `limitMs`, with no input: a question it asks ends it. Rejects when it cannot be started. */
export function ran(
  [program = '', ...args]: readonly string[],
  limitMs: number,
  { cwd, env = {} }: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', ...env },
      ...(cwd === undefined ? {} : { cwd }),
    })
    let output = ''
    let isLate = false
    const late = setTimeout(() => {
      isLate = true
      child.kill('SIGKILL')
    }, limitMs)
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk))
    child.on('error', error => {
      clearTimeout(late)
      reject(error)
    })
    child.on('close', () => {
      clearTimeout(late)
      resolve({ output, isLate })
    })
  })
}

/** `name ×count; …` in the order of first sight. */
export function tallied(names: readonly string[]): string {
  const tally = new Map<string, number>()
  for (const name of names) tally.set(name, (tally.get(name) ?? 0) + 1)
  return [...tally].map(([name, count]) => (count === 1 ? name : `${name} ×${count}`)).join('; ')
}
