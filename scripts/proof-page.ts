import type { Attack } from '../src/contract/attack.ts'
import { PREDICTED } from '../test/proof/predicted.ts'
import { type Cell, flawRow, SOUND } from './proof-cells.ts'
import { wilson } from './wilson.ts'

/** Everything that was seen, as the page and the headline want it. Pure. */
export interface Seen {
  attacks: readonly Attack[]
  /** Flaws in the order of their rows. */
  flaws: readonly string[]
  cells: readonly Cell[]
  repeats: number
}

const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |\n`
const percent = (share: number): string => `${(share * 100).toFixed(share === 1 || share === 0 ? 0 : 1)} %`

function interval(hits: number, trials: number): string {
  const { low, high } = wilson(hits, trials)
  return trials === 0 ? '–' : `${percent(hits / trials)} (${percent(low)} to ${percent(high)})`
}

/** The backends, who caught each, and what was left open. */
export function rowsTable({ flaws, cells }: Seen): string {
  const rows = [...SOUND, ...flaws.map(flawRow)].map(({ name }) => {
    const own = cells.filter(cell => cell.row === name && cell.repeat === 1)
    const named = (outcome: string): string[] => own.filter(cell => cell.outcome === outcome).map(({ attack }) => attack)
    const caught = own.filter(({ outcome }) => outcome === 'fail').map(({ attack, proof }) => `**${attack}** (${proof})`)
    const open = [...named('inconclusive'), ...named('error')]
    return line([
      `\`${name}\``,
      caught.join(', ') || '–',
      open.join(', ') || '–',
      named('pass').length,
      named('not-applicable').length,
    ])
  })
  return (
    line(['backend', 'caught by', 'inconclusive', 'held', 'does not apply']) +
    line(['---', '---', '---', '--:', '--:']) +
    rows.join('')
  )
}

/** For each attack how surely it sees what it claims to see, whom it accused wrongly, and what a detection takes. */
export function ratesTable(seen: Seen): string {
  const rows = seen.attacks.flatMap(({ meta }) => {
    const own = seen.cells.filter(({ attack }) => attack === meta.id)
    if (own.length === 0) return []
    const due = own.filter(({ row }) => meta.notices.includes(row))
    const found = due.filter(isRightKind)
    const sound = own.filter(({ row, outcome }) => SOUND.some(({ name }) => name === row) && outcome !== 'not-applicable')
    const accused = sound.filter(({ outcome }) => outcome === 'fail')
    const p50 = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
    return [
      line([
        meta.id,
        `${found.length} of ${due.length}`,
        interval(found.length, due.length),
        `${accused.length} of ${sound.length}`,
        found.length === 0 ? '–' : p50(found.map(({ requests }) => requests)),
        found.length === 0 ? '–' : (p50(found.map(({ durationMs }) => durationMs)) / 1000).toFixed(1),
      ]),
    ]
  })
  const head = ['attack', 'detected', 'rate (Wilson, 95 %)', 'false alarms', 'requests', 'seconds']
  return line(head) + line(['---', '--:', '--:', '--:', '--:', '--:']) + rows.join('')
}

/** Caught, and by what the flaw predicts: another proof would be luck. */
function isRightKind({ row, attack, outcome, proof }: Cell): boolean {
  return outcome === 'fail' && proof === PREDICTED[row]?.[attack]
}

/** Caught by another proof than predicted, or by attacks that claim nothing about the flaw: counted apart. */
export function incidental({ attacks, cells }: Seen): Cell[] {
  const claims = new Map(attacks.map(({ meta }) => [meta.id, meta]))
  return cells.filter(cell => {
    const isSound = SOUND.some(({ name }) => name === cell.row)
    if (isSound || cell.outcome !== 'fail') return false
    return claims.get(cell.attack)?.notices.includes(cell.row) === true ? !isRightKind(cell) : true
  })
}

/** The one sentence for the README. */
export function headline(seen: Seen): string {
  const { attacks, flaws, cells } = seen
  const due = cells.filter(({ row, attack }) => attacks.some(({ meta }) => meta.id === attack && meta.notices.includes(row)))
  const found = due.filter(isRightKind).length
  const sound = cells.filter(({ row, outcome }) => SOUND.some(({ name }) => name === row) && outcome !== 'not-applicable')
  const accused = sound.filter(({ outcome }) => outcome === 'fail').length
  return `${attacks.length} attacks against ${flaws.length} flaws of the reference backend, one at a time: ${found} of ${due.length} detections due were made, on the kind of evidence that was predicted (${interval(found, due.length)}); the sound backend is accused ${accused === 0 ? 'of nothing' : `${accused} times`} in ${sound.length} tries, with JWTs and with opaque sessions. The cells: [docs/proof-matrix.md](docs/proof-matrix.md).`
}
