import { spawn } from 'node:child_process'

/** Runs a script by `sh`, with input; bounded to half a minute. */
export function runShell(
  script: string,
  input: string,
  env: Record<string, string>,
): Promise<{ code: number | null; stderr: string }> {
  const child = spawn('sh', [script], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['pipe', 'ignore', 'pipe'],
    timeout: 30_000,
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk
  })
  // A script that wants fewer values ends before all are read.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  return new Promise(done => {
    child.on('close', code => done({ code, stderr }))
  })
}
