import { objectBody, ownField } from '../body-reader.ts'
import type { MaskNumber } from '../controls/number-masked.ts'
import type { NestedIdentities } from '../controls/profile-fields.ts'
import { AVATAR_SHAPE, NICKNAME_SHAPE } from '../input-shapes.ts'
import { malformed, Refusal } from '../refusal.ts'
import type { Account, AccountStore, ProfileChange } from '../stores/accounts.ts'
import type { OpenSession } from './session.ts'

/** An account as its owner sees it. */
export interface ShownAccount {
  account: { id: string; nickname: string; maskedNumber: string | null }
  profile: { avatar: string | null; createdAtMs: number }
}

export interface ProfileFlow {
  /** Throws 401 when the account is gone. */
  show(accountId: string): Promise<ShownAccount>
  /** Changes nickname and avatar, whichever is there; other fields are ignored. */
  change(session: OpenSession, body: unknown, ip: string): Promise<ShownAccount>
}

export interface ProfileParts {
  accounts: AccountStore
  mask: MaskNumber
  nested: NestedIdentities
  nowMs: () => number
}

export function profileFlow({ accounts, mask, nested, nowMs }: ProfileParts): ProfileFlow {
  const show = async (accountId: string): Promise<ShownAccount> => {
    const account = await accounts.account(accountId)
    if (account === undefined) throw new Refusal(401, 'ACCOUNT_GONE', 'The account of this session is gone.')
    return shown(account, mask)
  }
  return {
    show,
    change: async ({ accountId }, body, ip) => {
      const fields = objectBody(body)
      await accounts.changeProfile(accountId, readChange(fields))
      for (const identity of nested(fields)) {
        await accounts.bind({ ...identity, accountId, atMs: nowMs(), ip, onePerType: false })
      }
      return show(accountId)
    },
  }
}

function readChange(fields: Readonly<Record<string, unknown>>): ProfileChange {
  const nickname = optional(fields, 'nickname', NICKNAME_SHAPE)
  const avatar = optional(fields, 'avatar', AVATAR_SHAPE)
  return { ...(nickname === undefined ? {} : { nickname }), ...(avatar === undefined ? {} : { avatar }) }
}

function optional(fields: Readonly<Record<string, unknown>>, name: string, shape: RegExp): string | undefined {
  const value = ownField(fields, name)
  if (value === undefined) return undefined
  // A half of a sign made of two would not come back from the store as it went in.
  if (typeof value !== 'string' || !value.isWellFormed() || !shape.test(value))
    throw malformed('BODY_MALFORMED', `The field ${name} is not of the right shape.`)
  return value
}

function shown({ id, nickname, avatar, createdAtMs, msisdn }: Account, mask: MaskNumber): ShownAccount {
  const maskedNumber = msisdn === undefined ? null : mask(msisdn, 'profile')
  return { account: { id, nickname, maskedNumber }, profile: { avatar: avatar ?? null, createdAtMs } }
}
