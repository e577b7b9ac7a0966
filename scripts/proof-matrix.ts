/**
 * Writes docs/proof-matrix.md and the headline in README.md: every attack against the reference backend, sound and with each of its
 * flaws that an attack claims. Each cell is kept as a file in .onetap/proof, so a matrix that was stopped goes on where it was.
 *   node scripts/proof-matrix.ts [--only flaw,flaw,sound] [--attacks id,id] [--repeat n] [--fresh] [--no-write]
 * `--repeat n`: each attack n times against the flaws that it claims and against the sound backend, for detection rates and false
 * alarms; its other cells once. `--only` and `--attacks` fill cells and leave the pages alone. What the matrix must be is asserted by
 * test/proof/matrix.test.ts (PROOF_FULL=1 for all of it); this only draws what was seen.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { attacks } from '../attacks/index.ts'
import type { Attack } from '../src/contract/attack.ts'
import { AWAITING_AN_ATTACK } from '../test/law/awaiting-an-attack.ts'
import { ENVIRONMENT } from '../test/proof/predicted.ts'
import { examineAll, type Patient, startCarriers, startPatient } from '../test/proof/world.ts'
import { type Cell, cellOf, cellStore, flawRow, type Row, SOUND } from './proof-cells.ts'
import { headline, incidental, ratesTable, rowsTable, type Seen } from './proof-page.ts'

const TOP = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const FOLDER = path.join(TOP, '.onetap/proof')

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    attacks: { type: 'string' },
    repeat: { type: 'string', default: '1' },
    fresh: { type: 'boolean', default: false },
    'no-write': { type: 'boolean', default: false },
  },
})
const repeats = Number(values.repeat)
if (!Number.isInteger(repeats) || repeats < 1) throw new Error('--repeat wants a whole number from 1 on')
const only = values.only?.split(',')
const wanted = values.attacks?.split(',')
if (values.fresh) rmSync(FOLDER, { recursive: true, force: true })

const flaws = [...new Set(attacks.flatMap(({ meta }) => meta.notices))].sort()
const unknown = [
  ...(only ?? []).filter(name => name !== 'sound' && !flaws.includes(name)),
  ...(wanted ?? []).filter(id => attacks.every(({ meta }) => meta.id !== id)),
]
if (unknown.length > 0) throw new Error(`no such flaw or attack: ${unknown.join(', ')}`)
const all = [...SOUND, ...flaws.map(flawRow)]
const rows = only === undefined ? all : all.filter(({ flaw }) => only.includes(flaw === '' ? 'sound' : flaw))
const chosen = wanted === undefined ? attacks : attacks.filter(({ meta }) => wanted.includes(meta.id))

const HEAD = `# Proof matrix

Every attack against the reference backend: sound, and with one flaw at a time. Each row is a fresh process; the same mocks serve
all. Drawn by \`npm run proof:matrix\`; asserted, with the kind of evidence, by \`test/proof/matrix.test.ts\`
(\`npm run proof:full\` for every cell, a sample with each commit).

**Caught by**: the attacks that got in, and what proves it. **Inconclusive**: the flaw hides what the attack looks for, or shuts
honest users out. The others held; \`test/proof/predicted.ts\` says which cells may be what, and why.
`
const RATES = `**Detected**: of the runs against flaws that the attack claims, those that it caught on the predicted kind of evidence. **False
alarms**: of its runs against the sound backend, those that accused it. **Requests** and **seconds**: median over detections, the honest
logins before and after among them.`

const store = cellStore(FOLDER)
await fillCells()
const cells = all.flatMap(row => attacks.flatMap(attack => kept(row, attack)))
const seen: Seen = { attacks, flaws, cells, repeats }
if (only !== undefined || wanted !== undefined || values['no-write'])
  process.stdout.write(`${ratesTable(seen)}\n${rowsTable(seen)}`)
else writePages(seen)

/** How often an attack is run against a row: many times where it must show something or must not, else once. */
function timesFor({ name, flaw }: Row, { meta }: Attack): number {
  return flaw === '' || meta.notices.includes(name) ? repeats : 1
}

function kept(row: Row, attack: Attack): Cell[] {
  return Array.from({ length: timesFor(row, attack) }, (_, i) => store.read(row.name, attack.meta.id, i + 1) ?? []).flat()
}

async function fillCells(): Promise<void> {
  let mocks: Awaited<ReturnType<typeof startCarriers>> | undefined
  try {
    for (const row of rows)
      for (let repeat = 1; repeat <= repeats; repeat++) {
        const missing = chosen.filter(
          attack => repeat <= timesFor(row, attack) && store.read(row.name, attack.meta.id, repeat) === undefined,
        )
        if (missing.length === 0) continue
        mocks ??= await startCarriers()
        const patient: Patient = await startPatient(mocks.ready, row.flaw, row.session, ENVIRONMENT[row.flaw])
        try {
          for (const examined of await examineAll(mocks.ready, patient, missing)) store.write(cellOf(row, repeat, examined))
        } finally {
          await patient.stop()
        }
        process.stderr.write(`${row.name} ${repeat}/${repeats}: ${missing.length}\n`)
      }
  } finally {
    await mocks?.stop()
  }
}

function writePages(all: Seen): void {
  const missing = rows.flatMap(row => attacks.filter(attack => kept(row, attack).length < timesFor(row, attack))).length
  if (missing > 0) throw new Error(`${missing} cells are missing: the pages are drawn from a whole matrix only`)
  const beside = incidental(all).filter(({ repeat }) => repeat === 1)
  const awaited = AWAITING_AN_ATTACK.map(flaw => `- \`${flaw}\`\n`).join('')
  const page = [
    HEAD,
    rowsTable(all),
    `## Rates\n\n${RATES}\n`,
    ratesTable(all),
    `## Incidental\n\nCaught although nobody claimed it, or by another proof than predicted; not counted above: ${beside.map(({ attack, row }) => `${attack} on \`${row}\``).join(', ') || 'none'}.\n`,
    `## Flaws that await their attack\n\n${awaited || 'None.\n'}`,
  ]
  writeFileSync(path.join(TOP, 'docs/proof-matrix.md'), page.join('\n'))
  const readme = path.join(TOP, 'README.md')
  const block = /(<!-- proof:begin -->\n)[\s\S]*?(<!-- proof:end -->)/
  const text = readFileSync(readme, 'utf8')
  writeFileSync(
    readme,
    text.replace(block, (_, begin: string, end: string) => `${begin}${headline(all)}\n${end}`),
  )
}
