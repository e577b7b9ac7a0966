/**
 * Writes docs/proof-matrix.md and the headline in README.md: every attack against the reference backend, sound and with each of its
 * flaws that an attack claims. Takes several minutes. What the matrix must be is asserted by test/proof/matrix.test.ts
 * (PROOF_FULL=1 for all of it); this only draws what was seen.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { attacks } from '../attacks/index.ts'
import { AWAITING_AN_ATTACK } from '../test/law/awaiting-an-attack.ts'
import { ENVIRONMENT } from '../test/proof/predicted.ts'
import { type Examined, examineAll, startCarriers, startPatient } from '../test/proof/world.ts'

const TOP = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

interface Row {
  name: string
  flaw: string
  session: 'jwt' | 'opaque'
}

const HEAD = `# Proof matrix

Every attack against the reference backend: sound, and with one flaw at a time. Each row is a fresh process; the same mocks serve
all. Drawn by \`npm run proof:matrix\`; asserted, with the kind of evidence, by \`test/proof/matrix.test.ts\`
(\`npm run proof:full\` for every cell, a sample with each commit).

**Caught by**: the attacks that got in, and what proves it. **Inconclusive**: the flaw hides what the attack looks for, or shuts
honest users out. The others held; \`test/proof/predicted.ts\` says which cells may be what, and why.
`

const mocks = await startCarriers()
const seen = new Map<Row, Examined[]>()
try {
  const flaws = [...new Set(attacks.flatMap(({ meta }) => meta.notices))].sort()
  const rows: Row[] = [
    { name: 'sound, JWT', flaw: '', session: 'jwt' },
    { name: 'sound, opaque sessions', flaw: '', session: 'opaque' },
    ...flaws.map((flaw): Row => ({ name: flaw, flaw, session: 'jwt' })),
  ]
  for (const row of rows) {
    const patient = await startPatient(mocks.ready, row.flaw, row.session, ENVIRONMENT[row.flaw])
    try {
      seen.set(row, await examineAll(mocks.ready, patient))
    } finally {
      await patient.stop()
    }
    process.stderr.write(`${row.name}\n`)
  }
} finally {
  await mocks.stop()
}

const of = (all: readonly Examined[], outcome: string): Examined[] => all.filter(({ verdict }) => verdict.outcome === outcome)
const ids = (all: readonly Examined[]): string => all.map(({ attack }) => attack.meta.id).join(', ') || '–'
const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`

const body = [...seen].map(([{ name }, all]) => {
  const caught = of(all, 'fail').map(({ attack, verdict }) => `**${attack.meta.id}** (${verdict.judgement?.proof?.kind})`)
  const clear = of(all, 'pass').length
  return line([
    `\`${name}\``,
    caught.join(', ') || '–',
    ids(of(all, 'inconclusive')),
    String(clear),
    String(of(all, 'not-applicable').length),
  ])
})
const table =
  line(['backend', 'caught by', 'inconclusive', 'held', 'does not apply']) +
  line(['---', '---', '---', '--:', '--:']) +
  body.join('')
const awaited = AWAITING_AN_ATTACK.map(flaw => `- \`${flaw}\`\n`).join('')
writeFileSync(
  path.join(TOP, 'docs/proof-matrix.md'),
  `${HEAD}\n${table}\n## Flaws that await their attack\n\n${awaited || 'None.\n'}`,
)

const flawed = [...seen].filter(([{ flaw }]) => flaw !== '')
const sound = [...seen].filter(([{ flaw }]) => flaw === '')
const caughtAll = flawed.filter(([{ flaw }, all]) =>
  attacks.every(({ meta }) => !meta.notices.includes(flaw) || of(all, 'fail').some(({ attack }) => attack.meta.id === meta.id)),
)
const claims = attacks.reduce((sum, { meta }) => sum + meta.notices.length, 0)
const accused = sound.flatMap(([, all]) => of(all, 'fail')).length
const headline = `${attacks.length} attacks against ${flawed.length} flaws of the reference backend, one at a time: ${caughtAll.length} of ${flawed.length} flaws are caught by every attack that claims them (${claims} cells); the sound backend is accused ${accused === 0 ? 'of nothing' : `${accused} times`}, with JWTs and with opaque sessions. The cells: [docs/proof-matrix.md](docs/proof-matrix.md).`
const readme = path.join(TOP, 'README.md')
const block = /(<!-- proof:begin -->\n)[\s\S]*?(<!-- proof:end -->)/
writeFileSync(
  readme,
  readFileSync(readme, 'utf8').replace(block, (_, begin: string, end: string) => `${begin}${headline}\n${end}`),
)
