import type { Command } from 'commander'
import { SEVERITIES, type Severity } from '../contract/attack.ts'
import { ENGINE_WISHES, type EngineWish } from '../contract/plan.ts'
import { CEILINGS, SHAPE_NAMES, type ShapeName } from '../contract/shape.ts'
import { duration, oneOf, percent, positive, severities, wholeNumber } from './flag-values.ts'

/** What commander makes of the flags below. */
export interface RunFlags {
  config?: string
  out?: string
  json?: boolean
  seed?: number
  target?: string
  allowHost?: string[]
  progress: 'auto' | 'plain' | 'none'
  /** Every command has it. */
  debug?: boolean
  rate?: number
  shape?: ShapeName
  scenario?: string
  users?: number
  duration?: number
  baseline?: string
  engine?: EngineWish
  generators?: number
  k6?: string
  exclude?: string[]
  severity?: Severity[]
  failOn?: Severity
  raceBelow?: number
  underLoad?: number
  raceWidth?: number
  live?: boolean
}

/** Flags that `run`, `load`, `attack` and `demo` share. */
export function addRunFlags(command: Command): Command {
  return command
    .option('-c, --config <file>', 'configuration; default: onetap.config.ts here or above')
    .option('-o, --out <dir>', 'run folder; default: .onetap/runs/<id>')
    .option('--json', 'result document on standard output, everything else on standard error')
    .option('--seed <n>', 'seed of everything drawn by chance', wholeNumber(0, 0xffff_ffff))
    .option('--target <url>', 'base URL of a target that runs already (must be in target.allow)')
    .option('--allow-host <host...>', 'touch this host beyond loopback; it must be in allowedHosts of the config too')
    .option('--live', 'a page on 127.0.0.1 that shows the run while it goes on')
    .option('--progress <mode>', 'auto, plain or none', oneOf(['auto', 'plain', 'none'] as const), 'auto' as const)
}

export function addLoadFlags(command: Command): Command {
  return command
    .option('--baseline <run>', 'an earlier run that budgets are held against: its folder or result.json')
    .option('--rate <n>', 'arrivals per second', positive(CEILINGS.ratePerSecond))
    .option('--scenario <id>', 'what honest users do: an id of `onetap list scenarios`, or a file')
    .option('--shape <name>', `${SHAPE_NAMES.join(', ')}; its top is --rate, a spike’s foot`, oneOf(SHAPE_NAMES))
    .option('--users <n>', 'closed model: so many users, each waits for its answer', wholeNumber(1, CEILINGS.users))
    .option('--duration <time>', 'how long, for instance 20s or 2m', duration)
    .option('--engine <id>', ENGINE_WISHES.join(', '), oneOf(ENGINE_WISHES))
    .option('--generators <n>', 'processes that share the arrivals', wholeNumber(1, CEILINGS.generators))
    .option('--k6 <path>', 'the k6 to use')
}

/** Which findings turn the run red. */
export function addBarFlag(command: Command): Command {
  return command.option('--fail-on <severity>', 'findings less severe are told and do not turn the run red', oneOf(SEVERITIES))
}

/** Honest load beside the attacks. */
export function addUnderLoadFlag(command: Command): Command {
  return command.option('--under-load <percent>', 'attack while honest logins take this part of the capacity', percent(1, 95))
}

/** How long races go on, and how wide they are. */
export function addRaceFlags(command: Command): Command {
  return command
    .option(
      '--race-below <percent>',
      'race until a hit is known to be rarer per round, at 95 %: 3% takes 99 rounds',
      percent(0.3, 50),
    )
    .option('--race-width <n>', 'requests released together', wholeNumber(2, 100))
}

/** Which attacks are run. */
export function addSelectionFlags(command: Command): Command {
  return command
    .option('--exclude <ids...>', 'leave these out')
    .option('--severity <list>', 'only these: high,critical or ">=high"', severities)
}
