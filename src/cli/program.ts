import { Command } from 'commander'
import { HarnessError } from '../contract/errors.ts'
import { EXIT_MEANINGS } from '../contract/exit-code.ts'
import { PROVIDER_IDS } from '../contract/providers.ts'
import { CEILINGS } from '../contract/shape.ts'
import type { JudgeFlags } from './commands/judge-command.ts'
import { numbers, oneOf, positive, share, someOf, wholeNumber, words } from './flag-values.ts'
import { tool } from './package-facts.ts'
import { addRenderFlags, type RenderFlags } from './render-flags.ts'
import {
  addBarFlag,
  addLoadFlags,
  addRaceFlags,
  addRunFlags,
  addSelectionFlags,
  addUnderLoadFlag,
  type RunFlags,
} from './run-flags.ts'

/** Takes the exit code of the command that was run. */
export type Report = (exitCode: number) => void

/** All commands. Each one's module is loaded when it is asked for: `--help` stays quick. */
export function buildProgram(report: Report): Command {
  const program = new Command('onetap')
    .description('Load and security test harness for backends that log people in by phone number.')
    .version(tool().version)
    .exitOverride()
    .showHelpAfterError(false)
    .showSuggestionAfterError(true)
    .addHelpText('before', EXAMPLES)
    .addHelpText(
      'after',
      `\nExit codes:\n${EXIT_MEANINGS.map(([code, text]) => `  ${String(code).padStart(3)}  ${text}`).join('\n')}`,
    )
  addRunCommands(program, report)
  addEvidenceCommands(program, report)
  addHouseCommands(program, report)
  for (const command of program.commands) command.option('--debug', 'show stacks of errors')
  return program
}

/** Above it there must be a port for each provider there is. */
const portBase = wholeNumber(1, 65_535 - PROVIDER_IDS.length)

const EXAMPLES = `Examples:
  onetap demo                         everything against the built-in backend
  onetap init                         a config and a target module for your own
  onetap run                          load, attacks and reports, as the config says
  onetap load --rate 200 --duration 1m
  onetap attack rp-nonce-race         one attack, or a family, or several
  onetap attack --severity ">=high"   only attacks so severe
  onetap replay f-0123456789          the attack of a finding again
  onetap report .onetap/latest        write the reports again
`

/** What touches a target. */
function addRunCommands(program: Command, report: Report): void {
  const run = async (mode: 'run' | 'load' | 'attack', flags: RunFlags, attacks?: readonly string[]): Promise<void> =>
    report(await (await import('./commands/run-command.ts')).runFromFlags(mode, flags, attacks))

  const demo = program.command('demo').description('mock carriers, the reference backend, load, attacks and a report')
  addBarFlag(addLoadFlags(addRunFlags(demo))).action(async (flags: RunFlags) => {
    const { demoConfig } = await import('./package-facts.ts')
    const { runFromFlags } = await import('./commands/run-command.ts')
    report(await runFromFlags('run', { ...flags, config: flags.config ?? demoConfig() }))
  })
  const both = program.command('run').description('load and attacks as the config says')
  addBarFlag(addLoadFlags(addRunFlags(both))).action((flags: RunFlags) => run('run', flags))
  const load = program.command('load').description('only the load')
  addLoadFlags(addRunFlags(load)).action((flags: RunFlags) => run('load', flags))
  const search = program.command('envelope').description('the highest rate at which the load budgets hold, by search')
  addLoadFlags(addRunFlags(search))
    .option(
      '--carrier-ms <list>',
      'as a curve over these carrier latencies, for instance 50,100,200',
      numbers(CEILINGS.durationMs),
    )
    .option('--precision <n>', 'how near the two bounds must be, 0.04 unless told', share)
    .option('--confirm <n>', 'probes that must agree, 2 unless told', wholeNumber(1, 5))
    .option('--max-rate <n>', 'never more than this', positive(CEILINGS.ratePerSecond))
    .action(async flags => report(await (await import('./commands/envelope-command.ts')).envelope(flags)))
  const pairs = program
    .command('compare')
    .description('is the config slower than another one? Both in this job, in turns; or two runs side by side, indicative')
  addLoadFlags(addRunFlags(pairs.argument('[runs...]', 'two run folders: a plain look at what lies there')))
    .option('--against <file>', 'configuration of the baseline')
    .option('--margin <n>', 'how much slower counts as slower, 0.05 unless told', share)
    .action(async (runs: string[], flags) => {
      const { compare, compareRuns } = await import('./commands/compare-command.ts')
      const [before, after] = runs
      if (before !== undefined && after !== undefined && runs.length === 2)
        report(compareRuns(before, after, flags.json === true))
      else if (runs.length === 0 && flags.against !== undefined) report(await compare(flags))
      else throw new HarnessError('USAGE', 'compare takes two run folders, or --against CONFIG')
    })
  const attack = program.command('attack').description('only attacks: ids, families, or those of the config')
  addBarFlag(addUnderLoadFlag(addRaceFlags(addSelectionFlags(addRunFlags(attack.argument('[attacks...]')))))).action(
    (attacks: string[], flags: RunFlags) => run('attack', flags, attacks),
  )
  const replay = program.command('replay').description('run the attack of a finding again, as it was run; before and after')
  addRunFlags(
    replay.argument('<run-and-finding...>', 'a run folder (.onetap/latest unless told), then a finding or attack id'),
  ).action(async (words: string[], flags: RunFlags) =>
    report(await (await import('./commands/replay-command.ts')).replayFromFlags(words, flags)),
  )
  program
    .command('mocks')
    .description('only the mock carriers and other providers, until Ctrl-C')
    .option('--json', 'one line of JSON: addresses, app ids, keys, control token')
    .option('--seed <n>', 'seed of numbers and tokens', wholeNumber(0, 0xffff_ffff))
    .option('--latency-ms <n>', 'fixed answer time', wholeNumber(0, CEILINGS.durationMs))
    .option('--error-share <n>', 'share of tokens answered by an error, 0 to 1', share)
    .option('--provider <ids...>', `only these: ${PROVIDER_IDS.join(', ')}`, someOf(PROVIDER_IDS))
    .option('--port-base <n>', 'control plane at this port, each provider at its own port above', portBase)
    .option('--assume <switches...>', 'guesses told otherwise, as china-mobile.systemtime=within-5-minutes')
    .option('--tls', 'providers speak TLS; the authority’s certificate is printed with the environment')
    .option('--host <address>', 'address to listen on, 127.0.0.1 unless told')
    .option('--control-host-name <names...>', 'names the control plane may be called by beside addresses and localhost')
    .action(async flags => report(await (await import('./commands/mocks-command.ts')).runMocks(flags)))
  program
    .command('backend')
    .description('only the reference backend, until Ctrl-C; carriers and stores by environment')
    .option('--session <form>', 'form of its sessions: jwt or opaque', oneOf(['jwt', 'opaque']))
    .option('--flaws <list>', 'control=flaw,… it is to have; none unless told')
    .option('--dialect <id>', 'how it speaks: rest, status-in-body, cookies, renamed, …')
    .option('--port <n>', 'any free one unless told', wholeNumber(0, 65_535))
    .action(async flags => report(await (await import('./commands/backend-command.ts')).runBackend(flags)))
}

/** What works on saved evidence, offline. */
function addEvidenceCommands(program: Command, report: Report): void {
  program
    .command('judge')
    .description('judge saved evidence again')
    .argument('<run>', 'run folder')
    .option('--attack <files...>', 'attack files of your own that the run was made with')
    .option('-c, --config <file>', 'budgets, bar and suppressions of this configuration instead of the recorded ones')
    .option('--baseline <run>', 'an earlier run that budgets are held against: its folder or result.json')
    .option('-o, --out <dir>', 'where result and reports go; default: the run folder')
    .option('--json', 'result document on standard output')
    .action(async (run: string, flags: JudgeFlags) =>
      report(await (await import('./commands/judge-command.ts')).judgeRun(run, flags)),
    )
  program
    .command('report')
    .description('write reports from a saved result')
    .argument('<run>', 'run folder or result.json')
    .argument('[reports...]', 'report ids; default: all')
    .option('-f, --format <ids>', 'the same, joined by commas', words)
    .option('--print', 'the one report on standard output; nothing is written')
    .action(async (run: string, ids: string[], flags: { format?: string[]; print?: boolean }) =>
      report(
        (await import('./commands/report-command.ts')).writeReportsOf(
          run,
          [...ids, ...(flags.format ?? [])],
          flags.print === true,
        ),
      ),
    )
  program
    .command('show')
    .description('a report and the history of all runs in the browser, on loopback, until Ctrl-C')
    .argument('[run]', 'run folder or result.json; the newest unless told')
    .option('--runs <dir>', 'folder of run folders, .onetap/runs unless told')
    .option('--port <n>', 'any free one unless told', wholeNumber(0, 65_535))
    .action(async (run: string | undefined, flags) => report(await (await import('./commands/show-command.ts')).show(run, flags)))
  program
    .command('history')
    .description('one page over many runs: trend and limit of each budget, changes of level, outcomes')
    .option('--runs <dir>', 'folder of run folders, .onetap/runs unless told')
    .option('-o, --out <file>', 'where the page goes, .onetap/history.html unless told')
    .action(async flags => report((await import('./commands/history-command.ts')).writeHistory(flags)))
}

/** What touches neither target nor evidence. */
function addHouseCommands(program: Command, report: Report): void {
  program
    .command('list')
    .description('what there is: attacks, scenarios, engines, reports, providers, faults, exit-codes')
    .argument('[what]')
    .option('--json', 'as JSON')
    .action(async (what: string | undefined, flags: { json?: boolean }) =>
      report(await (await import('./commands/list-command.ts')).list(what, flags.json === true)),
    )
  program
    .command('init')
    .description('write a config and a commented target module')
    .argument('[dir]')
    .action(async (dir: string | undefined) => report((await import('./commands/init-command.ts')).init(dir)))
  const k8s = program.command('k8s').description('loads in a Kubernetes cluster, by the k6 operator')
  addRenderFlags(k8s.command('render').description('write the manifests of the config’s load: a ConfigMap and a TestRun')).action(
    async (flags: RenderFlags) => report(await (await import('./commands/k8s-command.ts')).renderManifests(flags)),
  )
  program
    .command('doctor')
    .description('what is installed, what is missing, what to do about it')
    .option('--calibrate', 'measure what this machine can generate and mock, half a minute')
    .option('--json', 'as JSON')
    .action(async (flags: { json?: boolean; calibrate?: boolean }) =>
      report(
        flags.calibrate === true
          ? await (await import('./calibrate.ts')).calibrate(flags.json === true)
          : await (await import('./commands/doctor-command.ts')).doctor(flags.json === true),
      ),
    )
}
