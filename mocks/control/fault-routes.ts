import type { FastifyInstance, FastifyReply } from 'fastify'
import { type FaultRule, faultName } from '../../src/contract/fault.ts'
import { type BehaviourState, parseBehaviour } from '../behaviour.ts'
import { patchFaults } from '../fault-rules.ts'
import { isObject } from '../wire/string-fields.ts'
import { refuse } from './body.ts'
import type { ControlPorts } from './control-plane.ts'

const HINT = 'A merge patch (RFC 7396): what is named is changed, null takes away, the rest stays.'

/** Faults by name, changed while the mocks run; and the whole behaviour as a merge patch. */
export function addFaultRoutes(app: FastifyInstance, { behaviour, clock }: ControlPorts): void {
  app.addContentTypeParser('application/merge-patch+json', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'))
  const show = (reply: FastifyReply): FastifyReply => reply.send(inForce(behaviour, clock.wallMs()))
  app.get('/__onetap/faults', (_request, reply) => show(reply))
  app.patch('/__onetap/faults', (request, reply) => {
    const rules = isObject(request.body) ? patchFaults(behaviour.current.faults, request.body) : 'the body must be a JSON object'
    if (typeof rules === 'string') return refuse(reply, 400, 'BAD_REQUEST', `Faults: ${rules}.`, HINT)
    behaviour.merge({ faults: rules })
    return show(reply)
  })
  app.delete('/__onetap/faults', (_request, reply) => {
    behaviour.merge({ faults: [] })
    return show(reply)
  })
  app.patch('/__onetap/behaviour', (request, reply) => {
    const merged = isObject(request.body) ? mergedBehaviour(behaviour, request.body) : 'the body must be a JSON object'
    const change = typeof merged === 'string' ? { problem: merged } : parseBehaviour(merged)
    if ('problem' in change) return refuse(reply, 400, 'BAD_REQUEST', `Behaviour: ${change.problem}.`, HINT)
    behaviour.merge(change)
    return reply.send(behaviour.current)
  })
}

/** Rules by name; of several with one name the later ones are numbered. `over`: those whose time has passed. */
function inForce(behaviour: BehaviourState, nowMs: number): { rules: Record<string, FaultRule>; over: string[] } {
  const rules: Record<string, FaultRule> = {}
  const over: string[] = []
  for (const rule of behaviour.current.faults) {
    const name = faultName(rule)
    let key = name
    for (let nth = 2; Object.hasOwn(rules, key); nth++) key = `${name}#${nth}`
    rules[key] = rule
    const { originMs = 0, toMs = Number.POSITIVE_INFINITY, ttlMs = Number.POSITIVE_INFINITY } = rule
    if (nowMs >= originMs + Math.min(toMs, ttlMs)) over.push(key)
  }
  return { rules, over }
}

/** The named fields with the patch worked in. A latency profile with a kind is a whole one: fields of another kind must not linger. */
function mergedBehaviour(behaviour: BehaviourState, patch: Readonly<Record<string, unknown>>): Record<string, unknown> | string {
  const { current } = behaviour
  const merged: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(patch)) {
    if (name === 'faults' && isObject(value)) {
      const rules = patchFaults(current.faults, value)
      if (typeof rules === 'string') return rules
      merged.faults = rules
    } else if (name === 'latency' && isObject(value) && value.kind === undefined) {
      merged.latency = withPatch({ ...current.latency, originMs: null }, value)
    } else if (name === 'assumptions' && isObject(value)) merged.assumptions = withPatch(current.assumptions ?? {}, value)
    else if (value === null) return `${name} cannot be taken away`
    else merged[name] = value
  }
  return merged
}

function withPatch(before: object, patch: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...before, ...patch }).filter(([, value]) => value !== null))
}
