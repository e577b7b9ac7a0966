import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { HarnessError } from '../contract/errors.ts'
import type { LatencyProfile, SteadyLatency } from '../contract/latency.ts'
import { recordedQuantiles } from '../contract/quantile-table.ts'
import { CEILINGS } from '../contract/shape.ts'
import type { CheckedLatency } from './latency-schema.ts'
import type { CheckedConfig } from './schema.ts'

type CheckedSteady = Exclude<CheckedLatency, { kind: 'step' | 'brown-out' }>
type CheckedRecording = Extract<CheckedLatency, { kind: 'recorded' }>

/** Reads the recordings a configuration names and puts their quantiles in place, so that the plan holds all there is to know. Throws CONFIG. */
export function readRecordings(config: CheckedConfig, folder: string): CheckedConfig {
  const { mocks, attack } = config
  const read = (profile: CheckedLatency): CheckedLatency => withRecordings(profile, folder)
  return {
    ...config,
    mocks: { ...mocks, latency: read(mocks.latency) },
    attack: attack === null ? null : { ...attack, latency: read(attack.latency) },
  }
}

/** The profile as a plan has it. Throws CONFIG when a recording was named and not read. */
export function plannedLatency(profile: CheckedLatency): LatencyProfile {
  if (profile.kind === 'step') {
    return { ...profile, before: plannedSteady(profile.before), after: plannedSteady(profile.after) }
  }
  return profile.kind === 'brown-out' ? { ...profile, base: plannedSteady(profile.base) } : plannedSteady(profile)
}

function plannedSteady(profile: CheckedSteady): SteadyLatency {
  if (profile.kind !== 'recorded') return profile
  if (profile.quantilesMs === undefined) throw new HarnessError('CONFIG', `latency: the recording ${profile.file} was not read`)
  return { kind: 'recorded', quantilesMs: profile.quantilesMs }
}

function withRecordings(profile: CheckedLatency, folder: string): CheckedLatency {
  const read = (steady: CheckedSteady): CheckedSteady => (steady.kind === 'recorded' ? readRecording(steady, folder) : steady)
  if (profile.kind === 'step') return { ...profile, before: read(profile.before), after: read(profile.after) }
  return profile.kind === 'brown-out' ? { ...profile, base: read(profile.base) } : read(profile)
}

function readRecording(profile: CheckedRecording, folder: string): CheckedRecording {
  if (profile.file === undefined) return profile
  const file = resolve(folder, profile.file)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new HarnessError('CONFIG', `latency: the recording ${file} cannot be read`, {
      hint: 'the path starts from the configuration’s folder',
      cause,
    })
  }
  const values = parseRecording(text)
  if (typeof values === 'string') {
    throw new HarnessError('CONFIG', `latency: the recording ${file} ${values}`, {
      hint: 'a JSON list of milliseconds, or one number per line',
    })
  }
  return { kind: 'recorded', quantilesMs: recordedQuantiles(values) }
}

/** Milliseconds out of a JSON list or lines of numbers; a text says what is wrong. */
export function parseRecording(text: string): number[] | string {
  const trimmed = text.trim()
  let items: unknown
  if (trimmed.startsWith('[')) {
    try {
      items = JSON.parse(trimmed)
    } catch (error) {
      if (error instanceof SyntaxError) return 'is no JSON list'
      throw error
    }
  } else items = trimmed === '' ? [] : trimmed.split(/[\s,;]+/).map(item => (item === '' ? Number.NaN : Number(item)))
  if (!Array.isArray(items) || items.length === 0) return 'holds no times'
  const wrong = items.findIndex(item => typeof item !== 'number' || !(item >= 0 && item <= CEILINGS.durationMs))
  return wrong < 0 ? (items as number[]) : `holds something else than a time at place ${wrong + 1}`
}
