import { execFile } from 'node:child_process'

/** Runs a program to its end and returns what it printed; `failure` says in words why it did not end well. */
export function runForText(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; timeoutMs: number },
): Promise<{ text: string; failure?: string }> {
  return new Promise(resolve => {
    execFile(
      program,
      [...args],
      { cwd: options.cwd, env: options.env, timeout: options.timeoutMs, maxBuffer: 16 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error === null) return resolve({ text: stdout })
        const last = stderr.trim().split('\n').at(-1)
        resolve({ text: stdout, failure: error.killed === true ? 'took too long' : last || error.message })
      },
    )
  })
}
