import {
  FAIL_CLOSED_ENEMIES,
  type FailClosedCell,
  type FailClosedEnemy,
  type FailClosedLoad,
  type FailClosedTrouble,
} from '../../src/contract/figures.ts'
import type { Try } from './besieged.ts'

/** What was seen during one trouble at one load. */
export type Spell = {
  trouble: FailClosedTrouble
  load: FailClosedLoad
  /** Why it could not be had; null when it was. */
  missing: string | null
  noReissued: string | null
  /** Honest logins beside: whether a carrier's answer to one was struck, or one got no yes, or took as long as it must have. */
  met: boolean
  tries: Try[]
  /** Honest logins worked again afterwards. */
  recovered: boolean
}

/** The cells of one spell, one for each enemy. */
export function cellsOf(spell: Spell): FailClosedCell[] {
  return FAIL_CLOSED_ENEMIES.map(enemy => cellOf(spell, enemy))
}

function cellOf(spell: Spell, enemy: FailClosedEnemy): FailClosedCell {
  const tries = spell.tries.filter(one => one.enemy === enemy)
  const accepted = tries.filter(({ got }) => got === 'entry')
  const refused = tries.filter(keptOut)
  return {
    trouble: spell.trouble,
    load: spell.load,
    enemy,
    ...stateOf(spell, enemy, tries),
    tries: tries.length,
    accepted: accepted.length,
    refused: refused.length,
    errored: tries.length - accepted.length - refused.length,
    slowestMs: tries.length === 0 ? null : Math.max(...tries.map(({ durationMs }) => durationMs)),
    exchanges: (accepted.length > 0 ? accepted : tries).map(({ exchange }) => exchange),
  }
}

function stateOf(spell: Spell, enemy: FailClosedEnemy, tries: readonly Try[]): Pick<FailClosedCell, 'state' | 'text'> {
  const opened = tries.filter(({ got }) => got === 'entry')
  if (opened.length > 0) return { state: 'accepted', text: opened.map(({ what }) => what).join(', ') }
  if (spell.missing !== null) return { state: 'not-applicable', text: spell.missing }
  if (enemy === 'reissued' && spell.noReissued !== null) return { state: 'not-applicable', text: spell.noReissued }
  if (tries.length === 0) return { state: 'inconclusive', text: 'nothing could be got ready to try' }
  if (!spell.met) return { state: 'inconclusive', text: 'the honest logins beside it did not meet the trouble' }
  return { state: tries.every(keptOut) ? 'refused' : 'errored', text: '' }
}

/** Refused, also by a limiter; or let in where it belongs. */
function keptOut({ got, reading, status }: Try): boolean {
  return got === 'own' || (got === 'nothing' && reading === 'refused' && status > 0 && status < 500)
}
