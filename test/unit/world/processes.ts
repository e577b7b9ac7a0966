import { setTimeout as sleep } from 'node:timers/promises'

/** Is there a process of this id that is not a zombie? Signal 0 asks without sending. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Waits until a check holds; false when it never did. Generous: the machine may be busy. */
export async function eventually(check: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += 50) {
    if (await check()) return true
    await sleep(50)
  }
  return await check()
}

/** A command that runs a piece of JavaScript in the Node of this test. */
export function script(source: string): string[] {
  return [process.execPath, '--input-type=module', '-e', source]
}
