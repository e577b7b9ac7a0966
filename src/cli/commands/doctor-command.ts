import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { findK6 } from '../../engines/k6-binary.ts'
import { freePort } from '../../world/ports.ts'
import { colour, out } from '../output.ts'

interface Finding {
  what: string
  state: 'ok' | 'missing' | 'broken'
  text: string
  /** Command or step that mends it. */
  hint?: string
  /** Without it nothing works. */
  needed: boolean
}

/** `onetap doctor`: what is here, what is missing, and what to do about it. Downloads and builds nothing. */
export async function doctor(json: boolean): Promise<number> {
  const findings = [
    node(),
    await k6(),
    await ports(),
    program('go', ['version'], 'builds k6 where none is installed'),
    ...stores(),
    browser(),
  ]
  if (json) out.result(JSON.stringify(findings, null, 2))
  else {
    for (const finding of findings) {
      const sign = { ok: colour.green('ok     '), missing: colour.yellow('missing'), broken: colour.red('broken ') }[
        finding.state
      ]
      out.result(
        `${sign} ${finding.what.padEnd(12)} ${finding.text}${finding.hint === undefined ? '' : `\n        ${colour.dim(finding.hint)}`}`,
      )
    }
  }
  return findings.some(finding => finding.needed && finding.state !== 'ok') ? 3 : 0
}

function node(): Finding {
  return { what: 'Node', state: 'ok', text: process.versions.node, needed: true }
}

async function k6(): Promise<Finding> {
  try {
    const found = await findK6({ offline: true })
    return { what: 'k6', state: 'ok', text: `${found.version} from ${found.from}`, needed: false }
  } catch (cause) {
    return {
      what: 'k6',
      state: 'missing',
      text: cause instanceof Error ? cause.message : String(cause),
      hint: 'the first run builds one when Go is here; or install k6 2.x; without it the embedded engine is used',
      needed: false,
    }
  }
}

async function ports(): Promise<Finding> {
  try {
    await freePort()
    return { what: 'ports', state: 'ok', text: 'loopback ports can be opened', needed: true }
  } catch (cause) {
    return { what: 'ports', state: 'broken', text: String(cause), hint: 'onetap listens on 127.0.0.1 only; let it', needed: true }
  }
}

function stores(): Finding[] {
  const postgres = [
    '/usr/lib/postgresql/17/bin/postgres',
    '/usr/lib/postgresql/16/bin/postgres',
    '/usr/lib/postgresql/15/bin/postgres',
  ].find(existsSync)
  const first: Finding =
    postgres === undefined
      ? program('postgres', ['--version'], 'the store tests of this repository want PostgreSQL')
      : { what: 'postgres', state: 'ok', text: postgres, needed: false }
  return [first, program('redis-server', ['--version'], 'the store tests of this repository want Redis')]
}

function browser(): Finding {
  return program('chromium', ['--version'], 'the report tests of this repository look at the page in Chromium')
}

function program(name: string, args: string[], why: string): Finding {
  try {
    const text =
      execFileSync(name, args, { encoding: 'utf8', timeout: 10_000, stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')[0] ?? ''
    return { what: name, state: 'ok', text: text.trim().slice(0, 80), needed: false }
  } catch {
    return { what: name, state: 'missing', text: why, needed: false }
  }
}
