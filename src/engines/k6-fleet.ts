import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { GeneratorInstance, LoadJob } from '../contract/engine.ts'
import type { Segment } from './arrivals.ts'
import { BUNDLE_FILE } from './k6-bundle.ts'
import { cameToItsEnd } from './k6-evidence.ts'
import { readK6Log } from './k6-log.ts'
import { type K6Process, LOG_FILE, SUMMARY_FILE, startK6 } from './k6-process.ts'
import { type K6Summary, mergedSummary, readK6Summary } from './k6-summary.ts'
import type { LiveSeries } from './live-series.ts'

interface Member {
  segment: Segment
  folder: string
  k6: K6Process
  /** Undefined until it has ended. */
  exitCode?: number | null
}

/** How the last of them left. */
export interface FleetEnd {
  exitCode: number | null
  summary: K6Summary | undefined
  instances: GeneratorInstance[]
  /** Visits named in their logs, ascending. */
  notGranted: number[]
  lastWords: string
}

/** One k6 or several that offer one load together, each its segment. */
export class K6Fleet {
  private readonly members: readonly Member[]

  private constructor(members: readonly Member[]) {
    this.members = members
  }

  /** Starts them on the job's bundle. A single one begins at once; several wait for `go`. */
  static async start(
    k6Path: string,
    job: LoadJob,
    { receiverUrl, sources }: { receiverUrl(generator: number): string; sources: string | undefined },
  ): Promise<K6Fleet> {
    const of = job.plan.generators ?? 1
    const members = Array.from({ length: of }, async (_, index): Promise<Member> => {
      const segment = { index, of }
      const folder = of === 1 ? job.workDir : join(job.workDir, `generator-${index + 1}`)
      await mkdir(folder, { recursive: true })
      const start = { folder, script: join(job.workDir, BUNDLE_FILE), receiverUrl: receiverUrl(index), sources }
      return { segment, folder, k6: await startK6(k6Path, of === 1 ? start : { ...start, segment }) }
    })
    return new K6Fleet(await Promise.all(members))
  }

  /** Lets several begin at one moment, when the slowest has made its users. One that ended before is found by `ended`. */
  async go(): Promise<void> {
    if (this.members.length === 1) return
    await Promise.all(this.members.map(({ k6 }) => k6.prepared()))
    const begun = await Promise.allSettled(this.members.map(({ k6 }) => k6.go()))
    // Those that cannot be told to go would wait for ever; the others offer a share of the load only.
    await Promise.all(this.members.map(({ k6 }, i) => (begun[i]?.status === 'rejected' ? k6.stop(0) : undefined)))
  }

  /** Resolves when all have ended. `onDeath` hears of each that did not come to its own end, while others may go on. */
  async ended(onDeath: () => void): Promise<void> {
    await Promise.all(
      this.members.map(async member => {
        member.exitCode = await member.k6.ended
        if (!cameToItsEnd(member.exitCode) && this.members.length > 1) onDeath()
      }),
    )
  }

  /** Sum over all; undefined while one does not answer. */
  async cpuSeconds(): Promise<number | undefined> {
    const each = await Promise.all(this.members.map(({ k6 }) => k6.cpuSeconds()))
    return each.reduce((sum, seconds) => (sum === undefined || seconds === undefined ? undefined : sum + seconds), 0)
  }

  /** See K6Process.stop. */
  async stop(graceMs: number): Promise<void> {
    await Promise.all(this.members.map(({ k6 }) => k6.stop(graceMs)))
  }

  /** To be asked when all have ended. */
  async end(live: LiveSeries): Promise<FleetEnd> {
    const summaries = await Promise.all(this.members.map(({ folder }) => readK6Summary(join(folder, SUMMARY_FILE))))
    const instances = this.members.map(
      ({ segment: { index }, exitCode = null }, i): GeneratorInstance => ({
        index,
        reported: live.attemptedBy(index) > 0,
        // A k6 that was killed leaves no summary, whatever its exit code.
        finished: summaries[i] !== undefined && cameToItsEnd(exitCode),
        exitCode,
        attempted: summaries[i]?.counters.attempted ?? live.attemptedBy(index),
      }),
    )
    // One that died is told of before those that were stopped for it: a stopped k6 leaves a summary.
    const bad = this.members.filter(({ exitCode = null }) => !cameToItsEnd(exitCode))
    const worst = bad.find(member => summaries[this.members.indexOf(member)] === undefined) ?? bad[0] ?? this.members[0]
    const logs = await Promise.all(this.members.map(({ folder }) => readK6Log(join(folder, LOG_FILE))))
    const lastError = worst === undefined ? undefined : logs[this.members.indexOf(worst)]?.lastError
    return {
      exitCode: worst?.exitCode ?? null,
      summary: mergedSummary(summaries),
      instances,
      notGranted: logs.flatMap(log => log.notGranted).sort((a, b) => a - b),
      lastWords: lastError ?? worst?.k6.lastWords() ?? '',
    }
  }
}
