import type { AttackFamily, Severity } from '../contract/attack.ts'
import { HarnessError } from '../contract/errors.ts'
import type { GateFigure } from '../contract/gate-expression.ts'
import { judgesLoad } from '../contract/judges-load.ts'
import type { AttackPlan, Budget, EngineWish, LoadPlan, Plan, UnderLoadPlan } from '../contract/plan.ts'
import { type LoadShape, peakPerSecond, type ShapeName } from '../contract/shape.ts'
import { plannedBudget } from './budget-schema.ts'
import { plannedComers } from './comers-schema.ts'
import { shapeByName, stretched } from './named-shape.ts'
import { plannedLatency } from './recorded-latency.ts'
import type { CheckedConfig } from './schema.ts'
import { plannedShape } from './shape-schema.ts'

/** What the command line may override. */
export interface Overrides {
  mode: 'run' | 'load' | 'attack'
  seed?: number
  ratePerSecond?: number
  durationMs?: number
  shape?: ShapeName
  scenario?: string
  users?: number
  engine?: EngineWish
  generators?: number
  targetUrl?: string
  attacks?: readonly string[]
  excludeAttacks?: readonly string[]
  severities?: readonly Severity[]
  failOn?: Severity
  /** Bound that race attacks go on to, 0-1. */
  raceBelow?: number
  raceWidth?: number
  /** Part of the capacity that honest logins take beside the attacks, 0-1. */
  underLoad?: number
  allowHosts?: readonly string[]
}

/** Pure: a checked configuration and flags become the plan of one run. Paths stay as written: relative ones start from the config's folder. */
export function resolvePlan(config: CheckedConfig, overrides: Overrides, runId: string): Plan {
  const load = overrides.mode === 'attack' ? null : config.load
  const attack = overrides.mode === 'load' ? null : config.attack
  if (load === null && attack === null) {
    throw new HarnessError('CONFIG', 'the configuration leaves nothing to do: both `load` and `attack` are null', {
      hint: 'leave one of them out to get its defaults',
    })
  }
  if (config.target.url === null && config.target.start === null && overrides.targetUrl === undefined) {
    throw new HarnessError('CONFIG', 'target: neither `url` nor `start` is given', {
      hint: 'say where the target runs, or the command that starts it',
    })
  }
  const url = overrides.targetUrl ?? config.target.url
  return {
    schemaVersion: '1.0.0',
    runId,
    name: config.name,
    seed: overrides.seed ?? config.seed,
    target: { ...config.target, url, start: overrides.targetUrl === undefined ? config.target.start : null },
    mocks: {
      ...config.mocks,
      latency: plannedLatency(config.mocks.latency),
      ports: dropUndefined(config.mocks.ports),
    },
    load: load === null ? null : plannedLoad(load, overrides),
    attack: attack === null ? null : overrideAttack(attack, config, overrides),
    budgets: config.budgets.map(plannedBudget).filter(budget => appliesTo(budget, load !== null, attack !== null, overrides)),
    allowedHosts: config.allowedHosts.filter(host => overrides.allowHosts?.includes(host) ?? false),
  }
}

function overrideAttack(attack: NonNullable<CheckedConfig['attack']>, config: CheckedConfig, overrides: Overrides): AttackPlan {
  const { attacks = [], raceBelow: below, raceWidth: width, severities, failOn } = overrides
  const { underLoad: _, ...kept } = attack
  return {
    ...kept,
    latency: plannedLatency(attack.latency),
    include: attacks.length === 0 ? attack.include : attacks,
    exclude: overrides.excludeAttacks ?? attack.exclude,
    race: { ...attack.race, ...dropUndefined({ below, width }) },
    ...dropUndefined({ severities, failOn, underLoad: underLoadOf(attack, config, overrides) }),
  }
}

/** Honest load beside attacks is the config's load, with a rate of its own. */
function underLoadOf(
  { underLoad }: NonNullable<CheckedConfig['attack']>,
  { load }: CheckedConfig,
  overrides: Overrides,
): UnderLoadPlan | undefined {
  const share = overrides.underLoad ?? underLoad?.share
  if (share === undefined) return undefined
  if (load === null)
    throw new HarnessError('CONFIG', 'attacks under load need `load`, which is null', {
      hint: 'leave `load` out to get its defaults; `onetap attack` measures no load of its own',
    })
  return { share, capacityPerSecond: underLoad?.capacityPerSecond ?? null, load: plannedLoad(load, overrides) }
}

function plannedLoad({ comers, ...load }: NonNullable<CheckedConfig['load']>, overrides: Overrides): LoadPlan {
  return {
    ...load,
    engine: overrides.engine ?? load.engine,
    ...(overrides.generators === undefined ? {} : { generators: overrides.generators }),
    scenario: overrides.scenario ?? load.scenario,
    shape: overrideShape(plannedShape(load.shape), overrides),
    ...(comers === undefined ? {} : { comers: plannedComers(comers) }),
  }
}

/** A shape that the command line names replaces the config's; else its rate and length are changed. Fewer than all users: `--users`. */
function overrideShape(shape: LoadShape, { shape: named, users, ratePerSecond, durationMs }: Overrides): LoadShape {
  if (named !== undefined) return shapeByName(named, ratePerSecond ?? peakPerSecond(shape) ?? DEFAULT_RATE, durationMs)
  if (users !== undefined) return { kind: 'closed', users, durationMs: durationMs ?? shape.durationMs }
  return stretched(shape, dropUndefined({ ratePerSecond, durationMs }))
}

/** Of a shape by name where neither flag nor config has a rate. */
const DEFAULT_RATE = 50

/** A budget for a part that is not run is left out, and so is one whose evidence hand-picked attacks do not give. */
function appliesTo(budget: Budget, load: boolean, attack: boolean, overrides: Overrides): boolean {
  if (judgesLoad(budget)) return load
  const { attacks = [], excludeAttacks = [], severities } = overrides
  if (!attack) return false
  if (attacks.length === 0) return severities === undefined
  if (budget.kind !== 'expression' || severities !== undefined) return false
  const source = sourceOf(budget.gate.figure)
  if (source === undefined || excludeAttacks.includes(source.id) || excludeAttacks.includes(source.family)) return false
  return attacks.includes(source.id) || attacks.includes(source.family)
}

/** The one attack that a measure comes from. A count of attacks has none: of a family or severity all must have been run. */
function sourceOf(figure: GateFigure): { id: string; family: AttackFamily } | undefined {
  if (figure.kind === 'revocation') return { id: 'nr-reissue-level', family: 'number-reuse' }
  return figure.kind === 'carrier-calls' ? { id: 'do-attack-cost', family: 'availability' } : undefined
}

function dropUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}
