import { CommanderError } from 'commander'
import { expect, test } from 'vitest'
import { exitCodeOf } from '../../../src/cli/output.ts'
import { buildProgram } from '../../../src/cli/program.ts'
import { EXIT, EXIT_MEANINGS } from '../../../src/contract/exit-code.ts'
import { CEILINGS } from '../../../src/contract/shape.ts'
import { folderWith, onetap } from './real-binary.ts'

test('no arguments: the help on standard error, exit 2', async () => {
  const { code, stdout, stderr } = await onetap([])
  expect(code).toBe(2)
  expect(stderr).toContain('Usage: onetap')
  expect(stdout).toBe('')
})

test('--help names every exit code, exit 0', async () => {
  const { code, stdout } = await onetap(['--help'])
  expect(code).toBe(0)
  for (const [exitCode, meaning] of EXIT_MEANINGS) expect(stdout).toContain(`${String(exitCode).padStart(5)}  ${meaning}`)
})

test('help of a command and the version exit 0', async () => {
  const [help, version] = await Promise.all([onetap(['run', '--help']), onetap(['--version'])])
  expect(help).toMatchObject({ code: 0, stderr: '' })
  expect(help.stdout).toContain('--allow-host')
  expect(version.code).toBe(0)
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test.each([
  ['an unknown command', ['rnu'], "unknown command 'rnu'", 'run'],
  ['an unknown flag', ['run', '--rat', '5'], "unknown option '--rat'", '--rate'],
  ['an unknown flag of another command', ['list', '--jsn'], "unknown option '--jsn'", '--json'],
  ['an unknown list', ['list', 'atacks'], 'there is no list "atacks"', 'attacks'],
  ['an unknown report', ['report', '.', 'jnuit'], 'there is no report "jnuit"', 'junit'],
])('%s exits 2 and is answered with the nearest known one', async (_what, args, sentence, meant) => {
  const { code, stdout, stderr } = await onetap(args)
  expect(code, stderr).toBe(2)
  expect(stderr).toContain(sentence)
  expect(stderr.toLowerCase()).toMatch(new RegExp(`did you mean "?${meant}"?\\?`))
  expect(stdout).toBe('')
})

test.each([
  [['run', 'something']],
  [['judge']],
  [['report']],
  [['list', 'constructor']],
  [['mocks', '--seed', 'x']],
  [['mocks', '--error-share', '2']],
  [['mocks', '--latency-ms', '-5']],
  [['load', '--rate', '5', '--users', '5']],
  [['load', '--rate', 'fast']],
  [['load', '--duration', '20']],
  [['load', '--engine', 'jmeter']],
  [['run', '--progress', 'loud']],
  [['run', '--config']],
  [['attack', '--severity', 'severe']],
  [['attack', '--fail-on', '>=high']],
  [['replay']],
  [['replay', 'a', 'b', 'c']],
])('%j is a usage error, exit 2, without a stack', async args => {
  const { code, stderr } = await onetap(args)
  expect(code, stderr).toBe(2)
  expect(stderr).toMatch(/^error: /)
  expect(stderr).not.toMatch(/^\s+at /m)
})

/** What the command line makes of the words, in this process: starting one for each bad value takes minutes on a busy machine. */
async function refusal(words: readonly string[]): Promise<{ exitCode: number; text: string }> {
  let text = ''
  const program = buildProgram(() => {})
  for (const command of [program, ...program.commands]) command.configureOutput({ writeErr: part => (text += part) })
  const cause: unknown = await program.parseAsync(words, { from: 'user' }).catch((error: unknown) => error)
  if (cause instanceof CommanderError) return { exitCode: cause.exitCode === 0 ? EXIT.ok : EXIT.usage, text }
  return { exitCode: exitCodeOf(cause), text: String(cause) }
}

test.each([
  ['--rate', ['0', '-1', '1e9', '20001', 'fast', '', '0x10', 'NaN', 'Infinity']],
  ['--duration', ['20', '0s', '999ms', '2h', '1d', 'x', '', '-5s']],
  ['--seed', ['-1', '1.5', '4294967296', 'x', '']],
  ['--users', ['0', String(CEILINGS.users + 1), '1.5', 'x']],
])('bad values of %s are usage errors and say what is wanted', async (flag, values) => {
  for (const value of values) {
    const { exitCode, text } = await refusal(['load', `${flag}=${value}`])
    expect(exitCode, `${flag}=${value}`).toBe(EXIT.usage)
    expect(text).toContain('is wanted')
  }
})

test('a config that cannot be found is a sentence, and nothing is written', async () => {
  const { code, stderr, stdout } = await onetap(['run', '--config', 'gone.ts'], folderWith())
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^error: config file .*gone\.ts does not exist\n hint: .*\n$/)
})
