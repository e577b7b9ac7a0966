import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type BenchPart, mega, percent, type Verdict } from './figures.ts'

const FOLDER = fileURLToPath(new URL('../../.onetap/bench/', import.meta.url))
const PAGE = fileURLToPath(new URL('../../docs/bench-mocks.md', import.meta.url))

interface Figures {
  ceilings: {
    tool: string
    starts: number
    seconds: number
    rows: { server: string; ratePerSecond: number; ofFastify: number; cpuPer100k: number; starts: number[] }[]
  }
  providers: {
    starts: number
    seconds: number
    rows: { exchange: string; ratePerSecond: number; ofFastify: number; cpuPer100k: number }[]
  }
  delays: {
    ratePerSecond: number
    connections: number
    patient?: boolean
    seconds: number
    starts: number
    rows: {
      server: string
      p50Ms: number
      p99Ms: number
      maxMs: number
      own?: { p50Ms: number; p99Ms: number }
      rounds: { p99Ms: number }[]
    }[]
  }
  memory: { logins: number; fewBytes: number; manyBytes: number }
  soak: {
    minutes: number
    calls: number
    perSecond: number
    peakBytes: [number, number]
  }
}

/** Rewrites docs/bench-mocks.md from the figures there are; a part that was never run is left out. */
export function writeTable(): void {
  const parts = (Object.keys(SECTIONS) as BenchPart[]).flatMap(part => section(part))
  const head = [
    '# What the mocks cost, and how true their delays are',
    '',
    `Written by \`npm run bench:mocks\` (what is measured and how: the head of \`bench/mocks.ts\`) and \`npm run soak:mocks\`. ${availableParallelism()} cores, one for the server`,
    'and one for the client; medians over process starts. Machines differ: compare within a table, not between machines.',
  ]
  writeFileSync(PAGE, `${[...head, ...parts].join('\n')}\n`)
}

function section<P extends BenchPart>(part: P): string[] {
  const file = `${FOLDER}mocks-${part}.json`
  if (!existsSync(file)) return []
  const figures = JSON.parse(readFileSync(file, 'utf8')) as Figures[P] & { date: string; verdicts?: Verdict[] }
  const verdicts = (figures.verdicts ?? []).map(
    one =>
      `- ${one.held === undefined ? '**inconclusive**' : one.held ? 'held' : '**missed**'}: ${one.what} ${one.value}, bar ${one.bar}`,
  )
  const [title, ...lines] = SECTIONS[part](figures)
  return ['', `## ${title} (${figures.date})`, '', ...lines, ...(verdicts.length > 0 ? ['', ...verdicts] : [])]
}

const SECTIONS: { readonly [P in BenchPart]: (figures: Figures[P]) => string[] } = {
  ceilings: ({ tool, starts, seconds, rows }) => [
    'Ceiling',
    `China Mobile's token exchange, 50 connections, ${tool}, ${seconds} s after a warm-up, ${starts} starts in turns. The mocks check the signature and keep their`,
    'journal; the others answer a constant of the same size. Other mock servers in the settings that make them fastest.',
    '',
    '| server | requests/s | of Fastify | CPU-s per 100,000 | each start |',
    '|---|---|---|---|---|',
    ...rows.map(
      row =>
        `| ${row.server} | ${row.ratePerSecond.toFixed(0)} | ${percent(row.ofFastify)} | ${row.cpuPer100k.toFixed(2)} | ${row.starts.join(', ')} |`,
    ),
  ],
  providers: ({ starts, seconds, rows }) => [
    'Other exchanges',
    `Each granted and signed, ${seconds} s, ${starts} starts, beside bare Fastify answering China Mobile's constant in the same turns.`,
    '',
    '| exchange | requests/s | of Fastify | CPU-s per 100,000 |',
    '|---|---|---|---|',
    ...rows.map(
      row => `| ${row.exchange} | ${row.ratePerSecond.toFixed(0)} | ${percent(row.ofFastify)} | ${row.cpuPer100k.toFixed(2)} |`,
    ),
  ],
  delays: ({ ratePerSecond, connections, patient, seconds, starts, rows }) => [
    'Delay',
    `100 ms asked for; ${ratePerSecond} calls a second, spread evenly${patient === true ? ' to the millisecond' : ''} over ${connections} connections that stood before, so about 500 under way; ${seconds} s, ${starts} starts`,
    'in turns. Milliseconds beyond the delay, seen by the client. “At once” has no delay and shows what client, kernel and machine add.',
    '',
    '| server | p50 | p99 | p99 of each start | max | own account: p50 | p99 |',
    '|---|---|---|---|---|---|---|',
    ...rows.map(row => {
      const each = row.rounds.map(round => round.p99Ms.toFixed(2)).join(', ')
      const own = row.own === undefined ? ['', ''] : [row.own.p50Ms.toFixed(2), row.own.p99Ms.toFixed(2)]
      return `| ${row.server} | ${row.p50Ms.toFixed(2)} | ${row.p99Ms.toFixed(2)} | ${each} | ${row.maxMs.toFixed(1)} | ${own.join(' | ')} |`
    }),
  ],
  memory: ({ logins, fewBytes, manyBytes }) => [
    'Memory and subscribers',
    `Resident after ${logins} logins: ${mega(fewBytes)} with ten thousand subscribers, ${mega(manyBytes)} with ten million.`,
  ],
  soak: ({ minutes, calls, perSecond, peakBytes: [middle, last] }) => [
    'Memory over time',
    `${minutes} minutes at ${perSecond.toFixed(0)} logins a second (${calls} in all, each with a token of its own, ten million subscribers), on a machine that was busy with`,
    `other things. Resident memory reached ${mega(middle)} in the middle third and ${mega(last)} in the last.`,
  ],
}
