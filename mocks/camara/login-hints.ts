import type { TokenSubject } from './access-tokens.ts'
import { PHONE_NUMBER } from './api-operation.ts'
import { type OperatorContext, servedIndex, servesIndex } from './operator-context.ts'

/**
 * The user that `tel:+…` or `operatortoken:…` names, as `login_hint` or as `sub` of an assertion. `ipport:…` is a form of the
 * profile too, but the mock assigns no addresses: nobody is found. Undefined: unknown user.
 */
export function userOf(context: OperatorContext, hint: string, clientIndex: number): TokenSubject | undefined {
  const { lives } = context.ports
  if (hint.startsWith('tel:')) {
    const number = hint.slice(4)
    const index = PHONE_NUMBER.test(number) ? servedIndex(context, number) : undefined
    return index === undefined ? undefined : { index, generation: lives.tenure(index).generation, byNetwork: false }
  }
  if (!hint.startsWith('operatortoken:')) return undefined
  const found = context.authorizations.takeOperatorToken(hint.slice('operatortoken:'.length), clientIndex)
  if (found === undefined || !servesIndex(context, found.index) || !lives.isHeld(found.index)) return undefined
  return lives.tenure(found.index).generation === found.generation ? { ...pick(found), byNetwork: true } : undefined
}

function pick({ index, generation }: { index: number; generation: number }): { index: number; generation: number } {
  return { index, generation }
}
