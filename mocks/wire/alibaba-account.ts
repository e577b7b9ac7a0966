import { randomBytes } from 'node:crypto'
import type { DialectPorts, ProviderApp } from '../dialect.ts'

/** An access key pair of an Alibaba Cloud account; tokens are bound to the account by `appIndex`. `appId` is the AccessKeyId. */
export interface AlibabaAccount extends ProviderApp {
  accessKeySecret: string
  /** Dytnsapi's AuthCode, from its console. */
  authCode: string
}

const accountsOf = new WeakMap<DialectPorts['teller'], readonly AlibabaAccount[]>()

/** The accounts of these mocks, target's and stranger's: one key pair serves all of the cloud's products. */
export function alibabaAccounts({ teller }: Pick<DialectPorts, 'teller'>): readonly AlibabaAccount[] {
  const known = accountsOf.get(teller)
  if (known !== undefined) return known
  const accounts = [0, 1].map(
    (appIndex): AlibabaAccount => ({
      appId: `LTAI5t${randomBytes(9).toString('hex')}`,
      appIndex,
      accessKeySecret: randomBytes(15).toString('hex'),
      authCode: randomBytes(5).toString('hex'),
    }),
  )
  accountsOf.set(teller, accounts)
  return accounts
}
