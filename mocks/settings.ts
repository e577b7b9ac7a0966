import { CARRIER_IDS, isCarrierId } from '../src/contract/carriers.ts'
import { HarnessError } from '../src/contract/errors.ts'
import type { MocksSettings } from '../src/contract/journal.ts'
import { SUBSCRIBER_LIMIT } from '../src/contract/people.ts'
import { isProviderId, PROVIDER_IDS } from '../src/contract/providers.ts'
import { parseBehaviour } from './behaviour.ts'
import { isObject, jsonObject } from './wire/string-fields.ts'

const PORT_NAMES: readonly string[] = ['control', ...PROVIDER_IDS]

/** Reads settings as they come from another process. Throws HarnessError CONFIG with the field that is wrong. */
export function parseSettings(json: string): MocksSettings {
  const fields = jsonObject(json)
  if (fields === undefined) throw wrong('the settings are no JSON object')
  const {
    runId,
    seed,
    subscribers,
    carriers,
    providers = [],
    behaviour,
    ports = {},
    host,
    tls = false,
    controlHostNames = [],
    requestPatienceMs,
  } = fields
  if (typeof runId !== 'string' || runId === '') throw wrong('runId must be a text')
  if (!isWhole(seed, 0xffff_ffff)) throw wrong('seed must be a whole number below 2^32')
  if (!isWhole(subscribers, SUBSCRIBER_LIMIT)) throw wrong(`subscribers must be a whole number up to ${SUBSCRIBER_LIMIT}`)
  if (!Array.isArray(carriers) || !carriers.every(isCarrierId) || new Set(carriers).size < carriers.length) {
    throw wrong(`carriers must be some of ${CARRIER_IDS.join(', ')}, each once`)
  }
  if (!Array.isArray(providers) || !providers.every(isProviderId)) {
    throw wrong(`providers must be some of ${PROVIDER_IDS.join(', ')}`)
  }
  if (carriers.length + providers.length === 0) throw wrong('carriers and providers must not both be empty')
  const parsed = parseBehaviour(behaviour)
  if ('problem' in parsed) throw wrong(`behaviour: ${parsed.problem}`)
  const { latency, faults, singleUse } = parsed
  if (latency === undefined || faults === undefined || singleUse === undefined) {
    throw wrong('behaviour needs latency, faults and singleUse')
  }
  if (!isObject(ports)) throw wrong('ports must be an object')
  for (const [name, port] of Object.entries(ports)) {
    if (!PORT_NAMES.includes(name) || !isWhole(port, 65_535))
      throw wrong(`ports.${name} must be a port of ${PORT_NAMES.join(', ')}`)
  }
  if (host !== undefined && typeof host !== 'string') throw wrong('host must be a text')
  if (typeof tls !== 'boolean') throw wrong('tls must be true or false')
  if (!Array.isArray(controlHostNames) || !controlHostNames.every((name): name is string => typeof name === 'string')) {
    throw wrong('controlHostNames must be a list of texts')
  }
  if (requestPatienceMs !== undefined && (!isWhole(requestPatienceMs, 3_600_000) || requestPatienceMs === 0)) {
    throw wrong('requestPatienceMs must be a whole number from 1 to 3600000')
  }
  const patience = requestPatienceMs === undefined ? {} : { requestPatienceMs }
  const complete = { ...parsed, latency, faults, singleUse }
  const base = { runId, seed, subscribers, carriers, providers, behaviour: complete, ports, tls, controlHostNames, ...patience }
  return host === undefined ? base : { ...base, host }
}

function isWhole(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most
}

function wrong(what: string): HarnessError {
  return new HarnessError('CONFIG', `Mock settings: ${what}.`, { hint: 'See MocksSettings in src/contract/journal.ts.' })
}
