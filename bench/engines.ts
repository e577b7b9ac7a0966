/**
 * Our engines beside the load tools people know, on one target, in turns. Three parts:
 *
 *     closed   20 users as fast as they can: requests a second, processor time a request, memory; what we add to k6
 *     open     1,000 arrivals a second on a target that takes 20 ms: k6 and the embedded engine, do they say the same, at what cost
 *     stall    the same with a stall of two seconds: is its whole weight reported
 *
 *     node bench/engines.ts [closed|open|stall] [repetitions] [seconds]
 *
 * Tools are looked for in PATH and in the folders of BENCH_TOOLS. Results: .onetap/bench/engines-PART.json, and a table on standard output.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { benchClosed } from './engines/closed.ts'
import { benchOpen } from './engines/open.ts'
import { benchStall } from './engines/stall.ts'

const part = process.argv[2] ?? 'closed'
const repetitions = Number(process.argv[3] ?? 3)
const seconds = Number(process.argv[4] ?? (part === 'closed' ? 4 : 8))
const parts = { closed: benchClosed, open: benchOpen, stall: benchStall } as const
if (!(part in parts)) throw new Error(`no part ${part}: ${Object.keys(parts).join(', ')}`)
const folder = mkdtempSync(join(tmpdir(), 'onetap-bench-'))
const found = await parts[part as keyof typeof parts]({ repetitions, seconds, folder }).finally(() =>
  rmSync(folder, { recursive: true }),
)
mkdirSync('.onetap/bench', { recursive: true })
writeFileSync(
  join('.onetap/bench', `engines-${part}.json`),
  `${JSON.stringify({ part, repetitions, seconds, ...found }, null, 2)}\n`,
)
process.stdout.write(`${found.lines.join('\n')}\n`)
if (found.bars.some(bar => !bar.held)) process.exitCode = 1
