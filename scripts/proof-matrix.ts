/**
 * Writes docs/proof-matrix.md: every attack against the reference backend, sound and with each of its flaws. Takes about two
 * minutes. What the matrix must be is asserted by test/proof/matrix.test.ts; this only draws what was seen.
 */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { attacks } from '../attacks/index.ts'
import { type Examined, examineAll, knownFlaws, startCarriers, startPatient } from '../test/proof/world.ts'

const GOAL = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../docs/proof-matrix.md')

function sign({ verdict }: Examined): string {
  switch (verdict.outcome) {
    case 'pass':
      return '·'
    case 'fail':
      return `**${verdict.judgement?.proof?.kind}**`
    case 'inconclusive':
      return '?'
    case 'not-applicable':
      return '–'
    case 'error':
      return 'error'
  }
}

const HEAD = `# Proof matrix

Every attack against the reference backend: sound, and with one flaw at a time. Each row is a fresh process; the same carriers
serve all. Drawn by \`node scripts/proof-matrix.ts\`; asserted, with the kind of evidence, by \`test/proof/matrix.test.ts\`.

\`·\` the backend held. **Bold**: the attack got in, and that is its proof. \`?\` inconclusive. \`–\` does not apply.

The one \`?\`: a target that answers a malformed nonce with status 500 has not refused it, so nothing is shown about its nonces;
the crash itself is what ft-carrier-malformed reports.
`

interface Row {
  name: string
  flaws: string
  session?: 'opaque'
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`
}

const mocks = await startCarriers()
const seen = new Map<string, Examined[]>()
try {
  const rows: Row[] = [
    { name: 'sound, JWT', flaws: '' },
    { name: 'sound, opaque sessions', flaws: '', session: 'opaque' },
    ...(await knownFlaws(mocks.ready)).map(flaw => ({ name: flaw, flaws: flaw })),
  ]
  for (const { name, flaws, session } of rows) {
    const patient = await startPatient(mocks.ready, flaws, session)
    try {
      seen.set(name, await examineAll(mocks.ready, patient))
    } finally {
      await patient.stop()
    }
    process.stderr.write(`${name}\n`)
  }
} finally {
  await mocks.stop()
}

const table =
  line(['backend', ...attacks.map(({ meta }) => meta.id)]) +
  line(['---', ...attacks.map(() => ':-:')]) +
  [...seen].map(([name, all]) => line([`\`${name}\``, ...all.map(sign)])).join('')
writeFileSync(GOAL, `${HEAD}\n${table}`)
