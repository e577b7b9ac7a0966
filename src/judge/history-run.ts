import type { HistoryGate, HistoryRun } from '../contract/history.ts'
import type { Result } from '../contract/result.ts'
import { describeShape } from '../contract/shape.ts'
import type { Outcome } from '../contract/verdict.ts'

const OUTCOMES: readonly Outcome[] = ['pass', 'fail', 'inconclusive', 'not-applicable', 'error']
const UNITS: readonly HistoryGate['unit'][] = ['ms', 'share', 'attacks', 'per-second', 'calls']
const ENDS: readonly Result['ended'][] = ['finished', 'interrupted', 'terminated', 'failed']

/**
 * What a history keeps of a result. A folder among the runs may hold anything that looks like one, so what is kept is checked: throws
 * an Error that says which part is not as it should be.
 */
export function historyRun(result: Result): HistoryRun {
  const { plan, tool, target, load } = result
  const engine = load?.engine.id ?? null
  return {
    id: text(result.id, 'id'),
    name: text(result.name, 'name'),
    startedAt: instant(result.time.startedAt),
    verdict: oneOf(OUTCOMES, result.verdict, 'verdict') as Result['verdict'],
    exitCode: number(result.exitCode, 'exitCode'),
    // Documents of before it was kept ended as planned or were not written.
    ended: result.ended === undefined ? 'finished' : oneOf(ENDS, result.ended, 'ended'),
    target: `${text(target.name, 'target.name')} ${text(target.identity?.version ?? '', 'target.identity.version')}`.trim(),
    tool: text(tool.version, 'tool.version'),
    engine: tool.engine === null ? null : text(tool.engine, 'tool.engine'),
    machine: {
      os: text(result.machine.os, 'machine.os'),
      cpu: text(result.machine.cpu, 'machine.cpu'),
      cores: number(result.machine.cores, 'machine.cores'),
      memoryMiB: number(result.machine.memoryMiB, 'machine.memoryMiB'),
    },
    setting: settingOf(result, engine),
    settingText: settingText(plan, engine),
    gates: list(result.gates, 'gates').map(gateOf),
  }
}

/** A run stopped half-way, or of other attacks, still measures the same; another load, engine or carrier does not. */
function settingOf({ name, plan }: Result, engine: string | null): string {
  const { carriers, latency, faults } = plan.mocks
  const load = plan.load === null ? null : [plan.load.scenario, describeShape(plan.load.shape), engine]
  return JSON.stringify([name, plan.target.module, load, carriers, latency, faults])
}

function settingText({ load }: Result['plan'], engine: string | null): string {
  return load === null ? 'attacks only' : `${load.scenario}, ${describeShape(load.shape)}, ${engine ?? 'no load came about'}`
}

function gateOf(gate: HistoryGate, index: number): HistoryGate {
  const where = (part: string): string => `gates/${index}/${part}`
  return {
    id: text(gate.id, where('id')),
    title: text(gate.title, where('title')),
    outcome: oneOf(OUTCOMES, gate.outcome, where('outcome')),
    observed: gate.observed === null ? null : number(gate.observed, where('observed')),
    limit: gate.limit === null ? null : number(gate.limit, where('limit')),
    unit: oneOf(UNITS, gate.unit, where('unit')),
  }
}

function text(value: unknown, where: string): string {
  return typeof value === 'string' ? value : wrong(where, 'a text')
}

function number(value: unknown, where: string): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : wrong(where, 'a number')
}

function instant(value: unknown): string {
  return typeof value === 'string' && Number.isFinite(Date.parse(value)) ? value : wrong('time.startedAt', 'a time')
}

function oneOf<T>(known: readonly T[], value: T, where: string): T {
  return known.includes(value) ? value : wrong(where, `one of ${known.join(', ')}`)
}

function list<T>(value: readonly T[], where: string): readonly T[] {
  return Array.isArray(value) ? value : wrong(where, 'a list')
}

function wrong(where: string, wanted: string): never {
  throw new Error(`its ${where} is not ${wanted}`)
}
