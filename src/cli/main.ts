import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { EXIT, EXIT_MEANINGS } from '../contract/exit-code.ts'
import { printError } from './output.ts'
import { tool } from './package-facts.ts'

/** Each command's module is loaded when it is asked for: `--help` stays quick. */
let exitCode: number = EXIT.ok

function build(): Command {
  const program = new Command('onetap')
    .description('Load and security test harness for backends that log people in by phone number.')
    .version(tool().version)
    .exitOverride()
    .showHelpAfterError(false)
    .showSuggestionAfterError(true)
    .addHelpText(
      'before',
      `Examples:
  onetap demo                         everything against the built-in backend
  onetap init                         a config and a target module for your own
  onetap run                          load, attacks and reports, as the config says
  onetap load --rate 200 --duration 1m
  onetap attack rp-nonce-race         one attack, or a family, or several
  onetap report .onetap/latest        write the reports again
`,
    )
    .addHelpText(
      'after',
      `\nExit codes:\n${EXIT_MEANINGS.map(([code, text]) => `  ${String(code).padStart(3)}  ${text}`).join('\n')}`,
    )
  program.configureOutput({ writeErr: text => process.stderr.write(text) })
  return program
}

async function addCommands(program: Command): Promise<void> {
  const { addRunFlags, addLoadFlags, runFromFlags } = await import('./commands/run-command.ts')
  addLoadFlags(
    addRunFlags(program.command('demo').description('mock carriers, the reference backend, load, attacks and a report')),
  ).action(async flags => {
    const { packageFolder } = await import('../rooms.ts')
    exitCode = await runFromFlags('run', { ...flags, config: flags.config ?? join(packageFolder, 'onetap.config.ts') })
  })
  addLoadFlags(addRunFlags(program.command('run').description('load and attacks as the config says'))).action(async flags => {
    exitCode = await runFromFlags('run', flags)
  })
  addLoadFlags(addRunFlags(program.command('load').description('only the load'))).action(async flags => {
    exitCode = await runFromFlags('load', flags)
  })
  addRunFlags(
    program.command('attack').description('only attacks: ids, families, or those of the config').argument('[attacks...]'),
  )
    .option('--exclude <ids...>', 'leave these out')
    .action(async (attacks: string[], flags) => {
      exitCode = await runFromFlags('attack', flags, attacks)
    })
  program
    .command('mocks')
    .description('only the mock carriers, until Ctrl-C')
    .option('--json', 'one line of JSON: addresses, app ids, keys, control token')
    .option('--seed <n>', 'seed of numbers and tokens', Number)
    .option('--latency-ms <n>', 'fixed answer time', Number)
    .option('--error-share <n>', 'share of tokens answered by an error, 0 to 1', Number)
    .action(async flags => {
      exitCode = await (await import('./commands/mocks-command.ts')).runMocks(flags)
    })
  program
    .command('judge')
    .description('judge saved evidence again')
    .argument('<run>', 'run folder')
    .option('--json', 'result document on standard output')
    .action(async (run: string, flags: { json?: boolean }) => {
      exitCode = (await import('./commands/judge-command.ts')).judgeRun(run, flags.json === true)
    })
  program
    .command('report')
    .description('write reports from a saved result')
    .argument('<run>', 'run folder or result.json')
    .argument('[reports...]', 'report ids; default: all')
    .action(async (run: string, ids: string[]) => {
      exitCode = (await import('./commands/report-command.ts')).writeReportsOf(run, ids)
    })
  program
    .command('list')
    .description('what there is: attacks, scenarios, engines, reports, carriers, exit-codes')
    .argument('[what]')
    .option('--json', 'as JSON')
    .action(async (what: string | undefined, flags: { json?: boolean }) => {
      exitCode = (await import('./commands/list-command.ts')).list(what, flags.json === true)
    })
  program
    .command('init')
    .description('write a config and a commented target module')
    .argument('[dir]')
    .action(async (dir: string | undefined) => {
      exitCode = (await import('./commands/init-command.ts')).init(dir)
    })
  program
    .command('doctor')
    .description('what is installed, what is missing, what to do about it')
    .option('--json', 'as JSON')
    .action(async (flags: { json?: boolean }) => {
      exitCode = await (await import('./commands/doctor-command.ts')).doctor(flags.json === true)
    })
}

async function main(): Promise<number> {
  const program = build()
  await addCommands(program)
  if (process.argv.length <= 2) {
    program.outputHelp({ error: true })
    return EXIT.usage
  }
  try {
    await program.parseAsync()
    return exitCode
  } catch (cause) {
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? EXIT.ok : EXIT.usage
    const { exitCodeOf } = await import('./perform-run.ts')
    printError(cause, process.argv.includes('--debug'))
    return exitCodeOf(cause)
  }
}

process.exit(await main())
