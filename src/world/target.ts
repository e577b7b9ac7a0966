import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HarnessError } from '../contract/errors.ts'
import type { TargetIdentity } from '../contract/evidence.ts'
import type { TargetPlan, TargetStart } from '../contract/plan.ts'
import { startChild } from './child.ts'
import { now, sleep } from './clock.ts'
import { guardUrl } from './host-guard.ts'
import { fillPlaceholders } from './placeholders.ts'
import { freePort } from './ports.ts'

/** The backend under test, whoever started it. */
export interface RunningTarget {
  /** Base URL without trailing slash. */
  readonly url: string
  /** What it said of itself, or null when it has no identity path and was allowed by name. */
  readonly identity: TargetIdentity | null
  /** Resolves with the last lines of output when a target we started ends by itself; never for others. */
  readonly died: Promise<string[]>
  stop(): Promise<void>
}

export interface TargetWorld {
  runId: string
  /** Folder the target's `cwd` starts from. */
  folder: string
  vars: Readonly<Record<string, string>>
  mocksEnvironment: Readonly<Record<string, string>>
  allowedHosts: readonly string[]
}

/**
 * May this target be touched at all? Asked before anything starts, and again before the first byte is sent.
 * Throws HarnessError NOT_ALLOWED or CONFIG.
 */
export function guardTarget(plan: TargetPlan, allowedHosts: readonly string[]): void {
  if (plan.url === null) return
  guardUrl(plan.url, allowedHosts, 'target')
  if (plan.start === null && !plan.allow.includes(hostAndPort(plan.url))) {
    throw new HarnessError(
      'NOT_ALLOWED',
      `onetap did not start the target at ${plan.url} and may not touch it; nothing was sent`,
      {
        hint: `if it is yours, add "${hostAndPort(plan.url)}" to target.allow`,
      },
    )
  }
}

/** Starts or finds the target and makes sure it is the right one. Throws HarnessError; nothing is left running then. */
export async function openTarget(plan: TargetPlan, world: TargetWorld): Promise<RunningTarget> {
  guardTarget(plan, world.allowedHosts)
  if (plan.start !== null) return startTarget(plan, plan.start, world)
  if (plan.url === null) throw new HarnessError('CONFIG', 'target: neither `url` nor `start` is given')
  return attachTarget(plan, plan.url, world)
}

async function startTarget(plan: TargetPlan, start: TargetStart, world: TargetWorld): Promise<RunningTarget> {
  const port = plan.url === null ? await freePort() : Number(new URL(plan.url).port)
  const url = plan.url === null ? `http://127.0.0.1:${port}` : stripSlash(plan.url)
  if (await answers(url)) {
    throw new HarnessError('PORT_IN_USE', `port ${port} is taken: something answers at ${url} before the target was started`, {
      hint: 'leave `target.url` out to get a free port',
    })
  }
  const values = placeholderValues(world, String(port))
  const command = start.command.map((part, i) =>
    fillPlaceholders(i === 0 && part === 'node' ? process.execPath : part, values, 'target.start.command'),
  )
  const env = Object.fromEntries(
    Object.entries(start.env).map(([name, text]) => [name, fillPlaceholders(text, values, `target.start.env.${name}`)]),
  )
  const child = startChild([process.execPath, fileURLToPath(new URL('./leash.ts', import.meta.url)), ...command], {
    cwd: resolve(world.folder, start.cwd ?? '.'),
    env: { ...world.mocksEnvironment, PORT: String(port), ONETAP_RUN_ID: world.runId, ...env },
  })
  try {
    let ended = false
    void child.ended.then(() => {
      ended = true
    })
    const deadline = now() + start.readyTimeoutMs
    while (!(await answers(url))) {
      if (ended)
        throw new HarnessError(
          'TARGET_DIED',
          `the target ended before it answered: ${child.tail().slice(-3).join(' | ') || 'no output'}`,
          { hint: `command: ${start.command.join(' ')}` },
        )
      if (now() > deadline)
        throw new HarnessError('TARGET_UNREACHABLE', `the target did not answer at ${url} within ${start.readyTimeoutMs} ms`, {
          hint: 'it must listen on the port in PORT',
        })
      await sleep(50)
    }
    const identity = await shakeHands(plan, url, world, true)
    return { url, identity, died: child.ended.then(() => child.tail()), stop: () => child.stop() }
  } catch (cause) {
    await child.stop()
    throw cause
  }
}

async function attachTarget(plan: TargetPlan, rawUrl: string, world: TargetWorld): Promise<RunningTarget> {
  const url = stripSlash(rawUrl)
  if (!(await answers(url)))
    throw new HarnessError('TARGET_UNREACHABLE', `nothing answers at ${url}`, {
      hint: 'start the target, or give `target.start`',
    })
  return { url, identity: await shakeHands(plan, url, world, false), died: new Promise(() => {}), stop: async () => {} }
}

/**
 * Asks who answers. A target we started must name our run id when it has an identity path. A foreign one was allowed by
 * host and port already, so it may have any identity or none.
 */
async function shakeHands(plan: TargetPlan, url: string, world: TargetWorld, started: boolean): Promise<TargetIdentity | null> {
  if (plan.identityPath === null) {
    // We started it on a port nobody answered on before, or it was allowed by name.
    return null
  }
  const response = await fetch(url + plan.identityPath, { redirect: 'manual', signal: AbortSignal.timeout(5000) }).catch(
    () => undefined,
  )
  const text = response === undefined ? '' : (await response.text()).slice(0, 65_536)
  const identity = response?.ok === true ? readIdentity(text) : undefined
  if (!started) return identity ?? null
  if (identity === undefined) {
    const what =
      response === undefined ? 'nothing' : `${response.status} ${response.headers.get('content-type') ?? 'without content type'}`
    throw new HarnessError('TARGET_FOREIGN', `${url}${plan.identityPath} answers ${what}, not an identity`, {
      hint: 'let the target answer {"runId": ONETAP_RUN_ID} there, or set target.identityPath to null',
    })
  }
  if (identity.runId !== world.runId) {
    throw new HarnessError(
      'TARGET_FOREIGN',
      `${url} answers with run id ${String(identity.runId)}, not ${world.runId}: another process holds the port`,
    )
  }
  return identity
}

function readIdentity(text: string): TargetIdentity | undefined {
  try {
    const value = JSON.parse(text) as Partial<TargetIdentity> | null
    if (typeof value !== 'object' || value === null || !('runId' in value)) return undefined
    return {
      ...value,
      runId: typeof value.runId === 'string' ? value.runId : null,
      name: String(value.name ?? 'target'),
      version: String(value.version ?? ''),
      flaws: Array.isArray(value.flaws) ? value.flaws.map(String) : [],
    }
  } catch {
    return undefined
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/`, { redirect: 'manual', signal: AbortSignal.timeout(2000) })
    await response.body?.cancel()
    return true
  } catch {
    return false
  }
}

function placeholderValues(world: TargetWorld, port: string): Record<string, string> {
  return {
    port,
    runId: world.runId,
    ...Object.fromEntries(Object.entries(world.mocksEnvironment).map(([k, v]) => [`mocks.${k}`, v])),
    ...Object.fromEntries(Object.entries(world.vars).map(([k, v]) => [`vars.${k}`, v])),
  }
}

const stripSlash = (url: string): string => url.replace(/\/+$/, '')

function hostAndPort(url: string): string {
  const parsed = new URL(url)
  return `${parsed.hostname}:${parsed.port || (parsed.protocol === 'https:' ? '443' : '80')}`
}
