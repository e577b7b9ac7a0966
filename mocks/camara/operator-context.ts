import type { KeyObject } from 'node:crypto'
import type { CarrierId } from '../../src/contract/carriers.ts'
import { indexOfNumber, subscriberAt } from '../../src/contract/people.ts'
import type { Call, DialectPorts } from '../dialect.ts'
import type { OpaqueWords } from '../identity/opaque-words.ts'
import type { AccessTokens } from './access-tokens.ts'
import type { Authorizations } from './authorizations.ts'
import type { AssertionDesk, CamaraClient } from './clients.ts'
import type { OneTimePasswords } from './one-time-passwords.ts'
import type { SubscriptionBook } from './subscription-book.ts'

/**
 * One API provider under one base path: an operator, which knows only the numbers it serves, or an aggregator in front of all
 * three (`operator` undefined). CAMARA itself does not care where `apiRoot` ends.
 */
export interface OperatorContext {
  operator: CarrierId | undefined
  /** `''` for the aggregator, `/china-mobile` and so on for an operator. */
  basePath: string
  clients: readonly CamaraClient[]
  assertions: AssertionDesk
  authorizations: Authorizations
  tokens: AccessTokens
  passwords: OneTimePasswords
  subscriptions: SubscriptionBook
  words: OpaqueWords
  signingKey: { privateKey: KeyObject; publicKey: KeyObject; kid: string }
  ports: DialectPorts
}

/** `+86` and eleven digits: the mocks' numbers as CAMARA writes them. */
export function e164(context: OperatorContext, index: number): string {
  return `+86${subscriberAt(context.ports.seed, index).msisdn}`
}

/** The subscriber whose number this is, if this provider serves it and somebody holds it or `evenUnheld` asks for more. */
export function servedIndex(context: OperatorContext, phoneNumber: string, evenUnheld = false): number | undefined {
  const { lives, seed } = context.ports
  const index = phoneNumber.startsWith('+86') ? indexOfNumber(seed, phoneNumber.slice(3)) : undefined
  if (index === undefined || !servesIndex(context, index)) return undefined
  return evenUnheld || lives.isHeld(index) ? index : undefined
}

export function servesIndex({ operator, ports }: OperatorContext, index: number): boolean {
  return operator === undefined || ports.lives.tenure(index).carrier === operator
}

/** This server's own address as the caller wrote it; the mock does not know its port beforehand. */
export function issuerOf(context: OperatorContext, call: Call): string {
  return `${call.scheme}://${call.headers.host ?? 'localhost'}${context.basePath}`
}
