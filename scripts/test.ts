/**
 * `npm test`: every check there is, in the order of what fails fastest. Ends with one line `N passed, N failed`.
 * What cannot run here is named loudly; with CI=true leaving anything out is a failure.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findK6 } from '../src/engines/k6-binary.ts'

const ci = process.env.CI === 'true'
const scratch = mkdtempSync(join(tmpdir(), 'onetap-test-'))
const env: NodeJS.ProcessEnv = { ...process.env, FORCE_COLOR: process.env.FORCE_COLOR ?? '0' }
const leftOut: string[] = []
let passed = 0
let failed = 0
let skipped = 0

function say(text: string): void {
  process.stdout.write(`\n=== ${text}\n`)
}

function run(command: string, args: string[]): number {
  return spawnSync(command, args, { stdio: 'inherit', env }).status ?? 1
}

/** One check that is a single pass or fail. */
function check(name: string, command: string, args: string[]): void {
  say(name)
  if (run(command, args) === 0) passed++
  else failed++
}

/** A vitest run, counted from its own report; a run that wrote no report, or ran nothing, has failed. */
function suite(name: string, projects: string[], options: { prefix?: string[]; parallel: boolean }): void {
  say(name)
  const report = join(scratch, `${projects.join('-')}.json`)
  const vitest = [
    'vitest',
    'run',
    ...projects.flatMap(p => ['--project', p]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]
  if (!options.parallel) vitest.push('--no-file-parallelism')
  const [command = '', ...args] = [...(options.prefix ?? []), ...vitest]
  const status = run(command, args)
  const counts = readCounts(report)
  passed += counts.passed
  failed += counts.failed
  skipped += counts.skipped
  if (status !== 0 && counts.failed === 0) failed++
  if (counts.passed + counts.failed === 0) failed++
  leftOut.push(...counts.skippedNames)
}

interface Assertion {
  status: string
  fullName: string
}

function readCounts(report: string): { passed: number; failed: number; skipped: number; skippedNames: string[] } {
  try {
    const document = JSON.parse(readFileSync(report, 'utf8')) as {
      numPassedTests: number
      numFailedTests: number
      testResults: { assertionResults: Assertion[] }[]
    }
    const names = document.testResults
      .flatMap(file => file.assertionResults)
      .filter(a => a.status !== 'passed' && a.status !== 'failed')
    return {
      passed: document.numPassedTests,
      failed: document.numFailedTests,
      skipped: names.length,
      skippedNames: names.map(a => a.fullName),
    }
  } catch {
    return { passed: 0, failed: 0, skipped: 0, skippedNames: [] }
  }
}

say('k6')
try {
  const k6 = await findK6({ onProgress: text => process.stdout.write(`${text}\n`) })
  env.K6_BIN = k6.path
  process.stdout.write(`k6 ${k6.version} from ${k6.from}\n`)
} catch (cause) {
  leftOut.push(`everything that needs k6: ${cause instanceof Error ? cause.message : String(cause)}`)
}

check('lint', 'biome', ['check', '--error-on-warnings', '.'])
check('types', 'tsc', ['-b'])
suite('law, unit, golden', ['law', 'unit', 'golden'], { parallel: true })
suite('stores, engine contracts, proof, end to end', ['stores', 'contract', 'proof', 'e2e'], {
  prefix: ['node', 'scripts/with-stores.ts', '--'],
  parallel: false,
})

rmSync(scratch, { recursive: true, force: true })
if (leftOut.length > 0) {
  say('LEFT OUT')
  for (const name of leftOut) process.stdout.write(`  ${name}\n`)
  if (ci) {
    process.stdout.write('CI leaves nothing out: this is a failure\n')
    failed++
  }
}
process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`)
process.exit(failed === 0 ? 0 : 1)
