import type { ChangePoint, GateTrend, History, HistoryGate, HistoryGroup, HistoryRun, UnreadRun } from '../contract/history.ts'
import { changePoints, VALUES_FOR_CHANGE } from './change-point.ts'

/** Chance of calling any change on the trends of one group, had nothing changed in any. Shared among its trends evenly. */
export const FALSE_ALARM_CHANCE = 0.05
/** A change of less than this part of the level before is not called, however sure. As much as `compare` calls slower. */
export const LEAST_CHANGE = 0.05
/** Runs beyond this are counted, not shown: the page stays light. */
const MOST_RUNS = 200

/** Many runs as one history: newest runs kept, those of one setting put together, each gate's figure followed. Pure. */
export function historyOf(all: readonly HistoryRun[], unread: readonly UnreadRun[]): History {
  const newestFirst = [...all].sort((a, b) => order(b, a))
  const runs = newestFirst.slice(0, MOST_RUNS)
  const groups = new Map<string, HistoryRun[]>()
  for (const run of runs) groups.set(run.setting, [run, ...(groups.get(run.setting) ?? [])])
  return {
    runs,
    groups: [...groups.values()].map(groupOf),
    unread: [...unread].sort((a, b) => (a.folder < b.folder ? -1 : 1)),
    olderRuns: newestFirst.length - runs.length,
  }
}

/** By time, then by id: two runs may begin in one second, and the page must not depend on how a disk lists its folders. */
function order(a: HistoryRun, b: HistoryRun): number {
  return Date.parse(a.startedAt) - Date.parse(b.startedAt) || (a.id < b.id ? -1 : 1)
}

function groupOf(runs: HistoryRun[]): HistoryGroup {
  const newest = runs[runs.length - 1]
  const gates = new Map<string, HistoryGate>()
  for (const run of runs) for (const gate of run.gates) gates.set(gateKey(gate), gate)
  const alpha = FALSE_ALARM_CHANCE / Math.max(1, gates.size)
  return {
    name: newest?.name ?? '',
    settingText: newest?.settingText ?? '',
    runs,
    trends: [...gates.values()].map(gate => trendOf(gate, runs, alpha)),
  }
}

function gateKey({ id, unit }: Pick<HistoryGate, 'id' | 'unit'>): string {
  return JSON.stringify([id, unit])
}

function trendOf({ id, title, unit }: HistoryGate, runs: readonly HistoryRun[], alpha: number): GateTrend {
  const points = runs.flatMap(run => {
    const gate = run.gates.find(one => gateKey(one) === gateKey({ id, unit }))
    return gate === undefined ? [] : [{ run, outcome: gate.outcome, observed: gate.observed, limit: gate.limit }]
  })
  const seen = points.flatMap((point, index) => (point.observed === null ? [] : [{ ...point, value: point.observed, index }]))
  const head = { id, title, unit, points }
  if (seen.length < VALUES_FOR_CHANGE) {
    return { ...head, changes: [], notSought: `${seen.length} figures are too few, ${VALUES_FOR_CHANGE} are needed` }
  }
  const values = seen.map(({ value }) => value)
  const splits = changePoints(values, alpha)
  const changes = splits.flatMap(({ at, chance }, i): ChangePoint[] => {
    const before = median(values.slice(splits[i - 1]?.at ?? 0, at))
    const after = median(values.slice(at, splits[i + 1]?.at))
    const [from, to] = [seen[at - 1], seen[at]]
    if (from === undefined || to === undefined || Math.abs(after - before) < LEAST_CHANGE * Math.abs(before)) return []
    if (after === before) return []
    return [{ at: to.index, before, after, chance, alsoChanged: differences(from.run, to.run) }]
  })
  return { ...head, changes }
}

function differences(before: HistoryRun, after: HistoryRun): string[] {
  const pairs: [string, string, string][] = [
    ['target', before.target, after.target],
    ['onetap', before.tool, after.tool],
    ['engine', before.engine ?? 'none', after.engine ?? 'none'],
    ['machine', machineText(before), machineText(after)],
  ]
  return pairs.filter(([, a, b]) => a !== b).map(([what, a, b]) => `${what}: ${a} → ${b}`)
}

function machineText({ machine }: HistoryRun): string {
  return `${machine.cpu}, ${machine.cores} cores, ${machine.os}`
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2
}
