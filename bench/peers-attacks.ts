/**
 * What a general-purpose API tester finds on the same flawed backends. Writes nothing: prints a table for docs/peers-attacks.md.
 *   node bench/peers-attacks.ts --schemathesis PROGRAM [--only flaw,flaw]
 * Each backend is a fresh process on loopback; the tool has a minute and reads the backend's own OpenAPI document.
 */
import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { attacks } from '../attacks/index.ts'
import { ENVIRONMENT } from '../test/proof/predicted.ts'
import { type Patient, startCarriers, startPatient } from '../test/proof/world.ts'

const LIMIT_MS = 60_000
const { values } = parseArgs({
  options: { schemathesis: { type: 'string' }, only: { type: 'string' } },
})
const flaws = ['', ...(values.only?.split(',') ?? [...new Set(attacks.flatMap(({ meta }) => meta.notices))].sort())]

const mocks = await startCarriers()
try {
  process.stdout.write('| backend | Schemathesis |\n| --- | --- |\n')
  for (const flaw of flaws) {
    const patient = await startPatient(mocks.ready, flaw, 'jwt', ENVIRONMENT[flaw])
    try {
      process.stdout.write(`| \`${flaw || 'sound'}\` | ${await schemathesis(patient)} |\n`)
    } finally {
      await patient.stop()
    }
  }
} finally {
  await mocks.stop()
}

async function schemathesis({ url }: Patient): Promise<string> {
  if (values.schemathesis === undefined) return 'not run'
  const args = [
    'run',
    `${url}/openapi.json`,
    '--url',
    url,
    '--max-examples',
    '5',
    '--seed',
    '1',
    '--phases',
    'examples,coverage,fuzzing',
  ]
  const { output, isLate } = await ran([values.schemathesis, ...args])
  const kinds = [...output.matchAll(/^- (.+)$/gm)].map(match => match[1] ?? '')
  const tally = new Map<string, number>()
  for (const kind of kinds) tally.set(kind, (tally.get(kind) ?? 0) + 1)
  const text = [...tally].map(([kind, n]) => `${kind} ×${n}`).join('; ')
  return `${text || 'nothing'}${isLate ? ' (cut after a minute)' : ''}`
}

/** Runs a program for at most a minute and returns all it wrote. */
function ran([program = '', ...args]: readonly string[]): Promise<{ output: string; isLate: boolean }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } })
    let output = ''
    let isLate = false
    const late = setTimeout(() => {
      isLate = true
      child.kill('SIGKILL')
    }, LIMIT_MS)
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk))
    child.on('error', reject)
    child.on('close', () => {
      clearTimeout(late)
      resolve({ output, isLate })
    })
  })
}
