import { CommanderError } from 'commander'
import { EXIT } from '../contract/exit-code.ts'
import { endProcess, watchProcess } from './end-process.ts'
import { exitCodeOf, printError } from './output.ts'
import { buildProgram } from './program.ts'

const debug = process.argv.includes('--debug')
watchProcess(debug)

async function main(): Promise<number> {
  // A command that ends without saying how it went has not gone well.
  let exitCode: number = EXIT.bug
  const program = buildProgram(code => {
    exitCode = code
  })
  if (process.argv.length <= 2) {
    program.outputHelp({ error: true })
    return EXIT.usage
  }
  try {
    await program.parseAsync()
    return exitCode
  } catch (cause) {
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? EXIT.ok : EXIT.usage
    printError(cause, debug)
    return exitCodeOf(cause)
  }
}

await endProcess(await main())
