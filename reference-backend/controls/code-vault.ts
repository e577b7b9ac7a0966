import { timingSafeEqual } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { CODE_SHAPE } from '../input-shapes.ts'
import { malformed } from '../refusal.ts'
import type { EphemeralStore } from '../stores/ephemeral.ts'
import { defineControl } from './define.ts'

/** What a code is good for and where it went: `login` and a number, `email` and an account with an address. */
export interface CodeSlot {
  purpose: string
  to: string
}

/** Codes that were sent and wait to be typed in. */
export interface CodeVault {
  /** Keeps the code; one sent before it for the same slot is dead. */
  put(slot: CodeSlot, code: string): Promise<void>
  /** The code as it is looked up by. Throws 400 for what cannot be one. */
  read(presented: unknown): string
  /** True once, for the right code in time. */
  redeem(slot: CodeSlot, code: string): Promise<boolean>
  forget(slot: CodeSlot): Promise<void>
}

export const CODE_LIFE_MS = 300_000
/** Wrong or right: after so many the code is dead. 5 in 1,000,000 is what a guesser gets out of one code. */
const MOST_TRIES = 5

export default defineControl<(store: EphemeralStore) => CodeVault>({
  id: 'code-vault',
  why: 'six digits are only a secret while there are few tries, little time and one use',
  sound,
  flaws: {
    // The code goes into the query as it came. What is no text is an operator to a store of documents, and `{"$ne": ""}` holds for every code.
    'operator-objects': store => ({
      ...sound(store),
      read: presented => (typeof presented === 'object' && presented !== null ? JSON.stringify(presented) : readCode(presented)),
      redeem: async (slot, code) => {
        if (!code.startsWith('{')) return sound(store).redeem(slot, code)
        const kept = await store.get(slotKey(slot))
        return kept !== undefined && holds(codeOf(kept), JSON.parse(code)) && store.takeIf(slotKey(slot), kept)
      },
    }),
    // Left to run out by itself, and a newer code does not replace it.
    'sms-code-reusable': store => ({
      read: readCode,
      put: (slot, code) => store.put(`${slotKey(slot)}:${code}`, code, CODE_LIFE_MS),
      redeem: (slot, code) => store.hasAny([`${slotKey(slot)}:${code}`]),
      forget: async () => {},
    }),
    // Kept until somebody uses it, and looked at before it is removed.
    'sms-code-no-ttl-or-racy': store => ({
      ...sound(store),
      put: (slot, code) => store.put(slotKey(slot), `x ${code}`, 365 * 24 * 3_600_000),
      redeem: async (slot, code) => {
        if ((await store.get(slotKey(slot))) !== `x ${code}`) return false
        await sleep(3)
        await store.drop(slotKey(slot))
        return true
      },
    }),
    // Looked up by the code alone.
    'code-not-bound': store => ({
      read: readCode,
      put: (_slot, code) => store.put(`code:${code}`, code, CODE_LIFE_MS),
      redeem: async (_slot, code) => (await store.take(`code:${code}`)) !== undefined,
      forget: async () => {},
    }),
    // "The code changes with every message, that is protection enough."
    'otp-unlimited': store => ({
      ...sound(store),
      redeem: async (slot, code) => {
        const kept = await store.get(slotKey(slot))
        return kept !== undefined && isEqual(codeOf(kept), code) && store.takeIf(slotKey(slot), kept)
      },
    }),
  },
})

function sound(store: EphemeralStore): CodeVault {
  return {
    read: readCode,
    put: async (slot, code) => {
      // The tries belong to this code, not to the slot: a new code begins with all of them.
      const serial = await store.bump(`${slotKey(slot)}:serial`, CODE_LIFE_MS * 2)
      await store.drop(triesKey(slot, String(serial)))
      await store.put(slotKey(slot), `${serial} ${code}`, CODE_LIFE_MS)
    },
    redeem: async (slot, code) => {
      const kept = await store.get(slotKey(slot))
      if (kept === undefined) return false
      const [serial = ''] = kept.split(' ')
      // Counted before it is compared: of a hundred guesses at once, five are looked at.
      if ((await store.bump(triesKey(slot, serial), CODE_LIFE_MS)) > MOST_TRIES) {
        await store.takeIf(slotKey(slot), kept)
        return false
      }
      return isEqual(codeOf(kept), code) && store.takeIf(slotKey(slot), kept)
    },
    forget: slot => store.drop(slotKey(slot)),
  }
}

function readCode(presented: unknown): string {
  if (typeof presented === 'string' && CODE_SHAPE.test(presented)) return presented
  throw malformed('BODY_MALFORMED', 'The field code must be six digits.')
}

/** A filter as stores of documents know them: all of its operators, and at least one. */
function holds(code: string, filter: Readonly<Record<string, unknown>>): boolean {
  const operators = Object.entries(filter)
  return operators.length > 0 && operators.every(([name, operand]) => OPERATORS[name]?.(code, operand) === true)
}

const OPERATORS: Readonly<Record<string, (code: string, operand: unknown) => boolean>> = {
  $exists: (_code, operand) => operand === true,
  $gt: (code, operand) => typeof operand === 'string' && code > operand,
  $gte: (code, operand) => typeof operand === 'string' && code >= operand,
  $lt: (code, operand) => typeof operand === 'string' && code < operand,
  $ne: (code, operand) => code !== operand,
  $nin: (code, operand) => Array.isArray(operand) && !operand.includes(code),
  // Digits only: a pattern that never ends is another flaw.
  $regex: (code, operand) => typeof operand === 'string' && /^[\^$.*+\d]{0,12}$/.test(operand) && new RegExp(operand).test(code),
}

function codeOf(kept: string): string {
  return kept.split(' ')[1] ?? ''
}

function isEqual(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}

function slotKey({ purpose, to }: CodeSlot): string {
  return `code:${purpose}:${to}`
}

function triesKey(slot: CodeSlot, serial: string): string {
  return `${slotKey(slot)}:tries:${serial}`
}
