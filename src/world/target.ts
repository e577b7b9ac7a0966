import { HarnessError } from '../contract/errors.ts'
import type { TargetPlan } from '../contract/plan.ts'
import { guardUrl, hostAndPort } from './host-guard.ts'
import { answers } from './probe.ts'
import type { RunningTarget, TargetWorld } from './running-target.ts'
import { askIdentity } from './target-identity.ts'
import { startTarget } from './target-start.ts'

export type { RunningTarget, TargetWorld } from './running-target.ts'

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
  return attachTarget(plan, plan.url)
}

/** A target that runs already was allowed by host and port, so it may have any identity or none. */
async function attachTarget(plan: TargetPlan, rawUrl: string): Promise<RunningTarget> {
  const url = rawUrl.replace(/\/+$/, '')
  if (!(await answers(url)))
    throw new HarnessError('TARGET_UNREACHABLE', `nothing answers at ${url}`, {
      hint: 'start the target, or give `target.start`',
    })
  const identity = plan.identityPath === null ? undefined : (await askIdentity(url + plan.identityPath)).identity
  return { url, identity: identity ?? null, died: new Promise(() => {}), stop: async () => {} }
}
