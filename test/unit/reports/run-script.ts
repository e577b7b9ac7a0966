import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a script did when it was run with a `curl` that only writes down how it was called. */
export interface Ran {
  code: number | null
  stderr: string
  /** Arguments of each call. */
  calls: string[][]
  /** Files the script left in its working folder. */
  left: string[]
}

/** Stands for curl: how many arguments, then each, all ended by NUL. */
const STAND_IN = `#!/bin/sh
printf '%s\\0' "$#" "$@" >> "$CALLS"
`

/**
 * Runs a script by `sh` in an empty folder. No other program can be found: whatever a hostile text tried to start would fail, and
 * say so on standard error.
 */
export function runScript(text: string, input = '', env: Record<string, string> = {}): Ran {
  const folder = mkdtempSync(join(tmpdir(), 'onetap-script-'))
  const empty = mkdtempSync(join(tmpdir(), 'onetap-script-cwd-'))
  const calls = join(folder, 'calls')
  writeFileSync(join(folder, 'curl'), STAND_IN)
  chmodSync(join(folder, 'curl'), 0o755)
  writeFileSync(join(folder, 'script.sh'), text)
  const { status, stderr } = spawnSync('/bin/sh', [join(folder, 'script.sh')], {
    cwd: empty,
    env: { PATH: folder, CALLS: calls, ...env },
    input,
    encoding: 'utf8',
    timeout: 20_000,
  })
  const kept = existsSync(calls) ? readFileSync(calls, 'utf8') : ''
  return {
    code: status,
    stderr,
    calls: callsIn(kept.split('\0')),
    left: readdirSync(empty),
  }
}

function callsIn(words: readonly string[]): string[][] {
  const calls: string[][] = []
  for (let at = 0; at < words.length - 1; ) {
    const count = Number(words[at])
    calls.push(words.slice(at + 1, at + 1 + count))
    at += 1 + count
  }
  return calls
}

/** Whether `sh` can parse it. */
export function parses(text: string): boolean {
  return spawnSync('/bin/sh', ['-n'], { input: text, encoding: 'utf8' }).status === 0
}

/** The words that follow an option. */
export function valuesOf(call: readonly string[], option: string): string[] {
  return call.flatMap((word, i) => (call[i - 1] === option ? [word] : []))
}
