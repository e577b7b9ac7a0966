import { type Command, InvalidArgumentError } from 'commander'
import { HarnessError } from '../../contract/errors.ts'
import { CEILINGS } from '../../contract/shape.ts'
import { performRun, type RunOptions } from '../perform-run.ts'

/** Flags that `run`, `load`, `attack` and `demo` share. */
export function addRunFlags(command: Command): Command {
  return command
    .option('-c, --config <file>', 'configuration; default: onetap.config.ts here or above')
    .option('-o, --out <dir>', 'run folder; default: .onetap/runs/<id>')
    .option('--json', 'result document on standard output, everything else on standard error')
    .option('--seed <n>', 'seed of everything drawn by chance', wholeNumber(0xffff_ffff))
    .option('--target <url>', 'base URL of a target that runs already (must be in target.allow)')
    .option('--allow-host <host...>', 'touch this host beyond loopback; it must be in allowedHosts of the config too')
    .option('--progress <mode>', 'auto, plain or none', oneOf(['auto', 'plain', 'none'] as const), 'auto' as const)
    .option('--debug', 'show stacks of errors')
}

export function addLoadFlags(command: Command): Command {
  return command
    .option('--rate <n>', 'arrivals per second', positive(CEILINGS.ratePerSecond))
    .option('--users <n>', 'closed model: so many users, each waits for its answer', wholeNumber(CEILINGS.users))
    .option('--duration <time>', 'how long, for instance 20s or 2m', duration)
    .option('--engine <id>', 'auto, k6 or autocannon', oneOf(['auto', 'k6', 'autocannon'] as const))
    .option('--k6 <path>', 'the k6 to use')
}

interface Flags {
  config?: string
  out?: string
  json?: boolean
  seed?: number
  target?: string
  allowHost?: string[]
  progress: 'auto' | 'plain' | 'none'
  debug?: boolean
  rate?: number
  users?: number
  duration?: number
  engine?: 'auto' | 'k6' | 'autocannon'
  k6?: string
  exclude?: string[]
}

export async function runFromFlags(mode: RunOptions['mode'], flags: Flags, attacks?: readonly string[]): Promise<number> {
  if (flags.rate !== undefined && flags.users !== undefined) {
    throw new HarnessError('USAGE', '--rate and --users exclude each other', {
      hint: 'a rate is an open model, users a closed one',
    })
  }
  return performRun({
    mode,
    cwd: process.cwd(),
    json: flags.json === true,
    progress: flags.progress,
    debug: flags.debug === true,
    ...defined({
      config: flags.config,
      out: flags.out,
      seed: flags.seed,
      targetUrl: flags.target,
      allowHosts: flags.allowHost,
      ratePerSecond: flags.rate,
      users: flags.users,
      durationMs: flags.duration,
      engine: flags.engine,
      k6: flags.k6,
      attacks,
      excludeAttacks: flags.exclude,
    }),
  })
}

/** The object without its undefined members, so that a default is never overwritten by nothing. */
function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}

function positive(limit: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (!Number.isFinite(value) || value <= 0 || value > limit)
      throw new InvalidArgumentError(`a number above 0 and up to ${limit} is wanted.`)
    return value
  }
}

function wholeNumber(limit: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < 0 || value > limit)
      throw new InvalidArgumentError(`a whole number up to ${limit} is wanted.`)
    return value
  }
}

function oneOf<const T extends readonly string[]>(words: T): (text: string) => T[number] {
  return text => {
    if (!words.includes(text)) throw new InvalidArgumentError(`one of ${words.join(', ')} is wanted.`)
    return text
  }
}

function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text)
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match?.[2] ?? ''] ?? Number.NaN
  const value = Number(match?.[1]) * unit
  if (!Number.isFinite(value) || value < 1000 || value > CEILINGS.durationMs)
    throw new InvalidArgumentError('a time from 1s to 1h is wanted, for instance 20s or 2m.')
  return value
}
