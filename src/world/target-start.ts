import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { HarnessError } from '../contract/errors.ts'
import type { TargetIdentity } from '../contract/evidence.ts'
import type { TargetPlan, TargetStart } from '../contract/plan.ts'
import { type Child, lastWords, startChild } from './child.ts'
import { now, sleep } from './clock.ts'
import { portOf } from './host-guard.ts'
import { ownModule } from './own-module.ts'
import { fillPlaceholders } from './placeholders.ts'
import { freePort } from './ports.ts'
import { answers, listens } from './probe.ts'
import { processTreeCpuMs } from './process-cpu.ts'
import type { RunningTarget, TargetWorld } from './running-target.ts'
import { type StoreState, startStoreProxy } from './store-proxy.ts'
import { askIdentity, requireOurs } from './target-identity.ts'

const POLL_MS = 50

/** Starts the target on a leash and waits until it answers as ours. Throws HarnessError; nothing is left running then. */
export async function startTarget(plan: TargetPlan, start: TargetStart, world: TargetWorld): Promise<RunningTarget> {
  const url = plan.url === null ? `http://127.0.0.1:${await freePort()}` : plan.url.replace(/\/+$/, '')
  const port = portOf(url)
  if (await listens(url)) {
    throw new HarnessError('PORT_IN_USE', `port ${port} is taken: something listens at ${url} before the target was started`, {
      hint: 'leave `target.url` out to get a free port',
    })
  }
  const proxy = start.nonceStore === undefined ? undefined : await startStoreProxy(start.nonceStore.url)
  const ofStore = start.nonceStore === undefined || proxy === undefined ? {} : { [start.nonceStore.variable]: proxy.url }
  const child = launch(start, world, String(port), ofStore)
  const stop = async (): Promise<void> => {
    await child.stop()
    await proxy?.close()
  }
  try {
    const identity = await whenReady(plan, start, { url, child, world })
    return {
      url,
      identity,
      died: child.ended.then(() => child.tail()),
      log: child.log,
      cpuMs: () => processTreeCpuMs(child.pid),
      ...(proxy === undefined ? {} : { nonceStore: (state: StoreState) => proxy.set(state) }),
      stop,
    }
  } catch (cause) {
    await stop()
    throw cause
  }
}

/** `ofStore`: addresses that win over what the plan says. */
function launch(start: TargetStart, world: TargetWorld, port: string, ofStore: Record<string, string>): Child {
  const cwd = resolve(world.folder, start.cwd ?? '.')
  // spawn would blame the program for it.
  if (!existsSync(cwd)) throw new HarnessError('CONFIG', `target.start.cwd: folder ${cwd} does not exist`)
  const values = placeholderValues(world, port)
  const command = start.command.map((part, i) =>
    fillPlaceholders(i === 0 && part === 'node' ? process.execPath : part, values, 'target.start.command'),
  )
  const env = Object.fromEntries(
    Object.entries(start.env).map(([name, text]) => [name, fillPlaceholders(text, values, `target.start.env.${name}`)]),
  )
  return startChild([process.execPath, ownModule('./leash.ts', import.meta.url), ...command], {
    cwd,
    env: { ...world.mocksEnvironment, PORT: port, ONETAP_RUN_ID: world.runId, ...env, ...ofStore },
  })
}

/** Waits for an answer; one that still excuses itself (5xx at the identity path) is asked again until the time is over. */
async function whenReady(
  plan: TargetPlan,
  start: TargetStart,
  { url, child, world }: { url: string; child: Child; world: TargetWorld },
): Promise<TargetIdentity | null> {
  let ended = false
  void child.ended.then(() => {
    ended = true
  })
  const deadline = now() + start.readyTimeoutMs
  for (;;) {
    const answered = await answers(url)
    if (ended) throw endedEarly(child, start)
    if (world.stop?.aborted === true) throw new HarnessError('INTERRUPTED', 'stopped while the target was starting')
    if (answered && plan.identityPath === null) return null
    if (answered && plan.identityPath !== null) {
      const answer = await askIdentity(url + plan.identityPath)
      if (answer.status < 500 || now() > deadline) return requireOurs(answer, url, plan.identityPath, world.runId)
    }
    if (now() > deadline)
      throw new HarnessError('TARGET_UNREACHABLE', `the target did not answer at ${url} within ${start.readyTimeoutMs} ms`, {
        hint: 'it must listen on the port in PORT',
      })
    await sleep(POLL_MS)
  }
}

function endedEarly(child: Child, start: TargetStart): HarnessError {
  const words = lastWords(child.tail())
  return new HarnessError('TARGET_DIED', `the target ended before it answered: ${words}`, {
    hint: `command: ${start.command.join(' ')}`,
  })
}

function placeholderValues(world: TargetWorld, port: string): Record<string, string> {
  return {
    port,
    runId: world.runId,
    ...Object.fromEntries(Object.entries(world.mocksEnvironment).map(([k, v]) => [`mocks.${k}`, v])),
    ...Object.fromEntries(Object.entries(world.vars).map(([k, v]) => [`vars.${k}`, v])),
  }
}
