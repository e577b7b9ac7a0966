import type { MachineFacts } from './evidence.ts'
import type { Gate, Result } from './result.ts'

/** What a history keeps of one gate of one run. */
export type HistoryGate = Pick<Gate, 'id' | 'title' | 'outcome' | 'observed' | 'limit' | 'unit'>

/** What a history keeps of one run: a hundred of them weigh less than one result document. */
export interface HistoryRun {
  id: string
  name: string
  /** ISO 8601. */
  startedAt: string
  verdict: Result['verdict']
  exitCode: number
  ended: Result['ended']
  target: string
  tool: string
  engine: string | null
  machine: MachineFacts
  /** All that figures depend on beside backend and machine; runs that differ in it are not put on one line. */
  setting: string
  /** The same for people. */
  settingText: string
  gates: HistoryGate[]
}

/** A folder among the runs that no result could be read from, and why. */
export interface UnreadRun {
  folder: string
  why: string
}

/** Where a gate's figure changed its level. Indices are into the points of its trend. */
export interface ChangePoint {
  /** The first point of the new level. */
  at: number
  /** Medians of the points before and after, up to the neighbouring changes. */
  before: number
  after: number
  /** Chance of a split as clear as this, or clearer, had nothing changed. */
  chance: number
  /** What else was different from one run to the next; nothing = only the backend, as far as the documents tell. */
  alsoChanged: string[]
}

/** One gate over runs of one setting, oldest first. */
export interface GateTrend {
  id: string
  /** As the newest run calls it. */
  title: string
  unit: Gate['unit']
  points: ({ run: HistoryRun } & Pick<HistoryGate, 'outcome' | 'observed' | 'limit'>)[]
  changes: ChangePoint[]
  /** Why changes were not looked for; absent where they were. */
  notSought?: string
}

/** Runs that can be held against each other. */
export interface HistoryGroup {
  name: string
  settingText: string
  /** Oldest first. */
  runs: HistoryRun[]
  trends: GateTrend[]
}

/** What many runs say together. Group of the newest run first. */
export interface History {
  /** Newest first. */
  runs: HistoryRun[]
  groups: HistoryGroup[]
  unread: UnreadRun[]
  /** Readable runs that are older than those shown. */
  olderRuns: number
}
