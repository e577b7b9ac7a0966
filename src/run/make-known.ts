import { Pool } from 'undici'
import type { LoadJob } from '../contract/engine.ts'
import { HarnessError } from '../contract/errors.ts'
import type { Scenario, Step, TargetStep, Visit } from '../contract/flow.ts'
import { isPhoneStep, phoneRequests, readPhone } from '../contract/phone.ts'
import { OPERATION_IDS, type Reading, type Reply, type TargetProfile } from '../contract/target.ts'
import { VISIT_SPAN, visitMaker } from '../contract/visit.ts'
import { nodeCryptoPort } from '../lab/crypto-port.ts'
import { canonicalHeaders, readBody } from '../lab/reply.ts'
import { freshSource } from '../lab/source-address.ts'
import { buildRequest, operationOf, type WireRequest } from '../lab/wire-request.ts'
import { now } from '../world/clock.ts'

/** Accounts made at once. Some backends hash a password for each, which is dear on purpose. */
const AT_ONCE = 8

/**
 * Gives the people whom the load will find known an account each, before anything is measured. Throws TARGET_UNREACHABLE when one
 * of them cannot be made known: returning users who never were would be measured as refusals.
 */
export async function makeKnown(job: LoadJob, scenario: Scenario, target: TargetProfile, halt: AbortSignal): Promise<number> {
  const people = job.carriers.comers?.knownPeople ?? 0
  if (people === 0) return 0
  const { providers, subscribers, comers } = job.carriers
  const operations = OPERATION_IDS.filter(op => target.operations[op] !== undefined)
  const visitAt = visitMaker({ seed: job.seed, subscribers, providers, operations, ...(comers === undefined ? {} : { comers }) })
  let next = 0
  const worker = async (): Promise<void> => {
    // A limit by address must not count all these people as one.
    const localAddress = await freshSource(job.baseUrl)
    const pool = new Pool(new URL(job.baseUrl).origin, {
      connections: 1,
      ...(localAddress === undefined ? {} : { connect: { localAddress } }),
    })
    try {
      while (next < people && !halt.aborted) {
        const which = next++
        const visit = visitAt.known(which, job.firstIndex + VISIT_SPAN.end - 1 - which, now())
        await walk(visit, scenario, step => ask(job, target, pool, step))
      }
    } finally {
      await pool.close()
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, people) }, worker))
  return Math.min(next, people)
}

async function walk(visit: Visit, scenario: Scenario, askFor: (step: Step) => Promise<Reading>): Promise<void> {
  const flow = scenario.prepare?.(visit) ?? scenario.flow(visit)
  for (let next = flow.next(); next.done !== true; ) {
    const reading = await askFor(next.value)
    if (reading.kind !== 'granted') {
      const why = reading.kind === 'refused' ? `refused${reading.code === undefined ? '' : ` (${reading.code})`}` : reading.reason
      throw new HarnessError('TARGET_UNREACHABLE', `returning users cannot be made: ${next.value.op} was ${why}`, {
        hint: 'lower load.comers.knownPeople, or raise the limits of the target for this run',
      })
    }
    next = flow.next(reading)
  }
}

async function ask(job: LoadJob, target: TargetProfile, pool: Pool, step: Step): Promise<Reading> {
  if (isPhoneStep(step)) {
    if (job.phone === undefined) throw new Error(`the run has no phone to do ${step.op}`)
    const { url, ...init } = phoneRequests(job.phone)(step)
    const reply = await fetch(url, { ...init, signal: AbortSignal.timeout(job.plan.requestTimeoutMs) })
    return readPhone(step.op, { status: reply.status, body: await reply.text(), headers: {} })
  }
  const context = { vars: job.vars, crypto: nodeCryptoPort, nowMs: now() }
  return readReply(target, step, await send(pool, buildRequest(target, job.baseUrl, step.op, step.input as never, context), job))
}

function readReply(target: TargetProfile, step: TargetStep, reply: Reply): Reading {
  return operationOf(target, step.op)?.read(reply) ?? { kind: 'failed', reason: `no operation ${step.op}` }
}

async function send(pool: Pool, { method, path, headers, body }: WireRequest, job: LoadJob): Promise<Reply> {
  try {
    const signal = AbortSignal.timeout(job.plan.requestTimeoutMs)
    const reply = await pool.request({ method: method as 'POST', path, headers, body: body ?? null, signal })
    return { status: reply.statusCode, body: (await readBody(reply.body)).body, headers: canonicalHeaders(reply.headers) }
  } catch (cause) {
    throw new HarnessError('TARGET_UNREACHABLE', `${job.baseUrl} gave no reply while returning users were made`, { cause })
  }
}
