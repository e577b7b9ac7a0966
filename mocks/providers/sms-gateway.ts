import { randomBytes } from 'node:crypto'
import { defineProvider, type Fact } from '../dialect.ts'
import { type SmsAccount, smsMessages } from '../wire/sms-messages.ts'

const facts: readonly Fact[] = [
  { about: 'the whole interface', mark: 'ours', source: 'a plain gateway such as many sell; no vendor’s' },
  { about: 'a repeated clientRef is not sent again', mark: 'ours', source: 'so that a backend may retry' },
  { about: 'no limit per number', mark: 'assumed', switch: 'per-number-limit', source: 'gateways differ' },
  { about: 'a text for a number that nobody holds is taken and rings nowhere', mark: 'ours', source: 'as in the networks' },
]

export default defineProvider({
  id: 'sms-gateway',
  about: 'A plain SMS gateway with an inbox per number that tests read over the control plane.',
  facts,
  assumptions: { 'per-number-limit': ['none', '1-per-minute', '5-per-hour'] },
  open: async ports => {
    const accounts = ['sms-account-1', 'sms-account-2'].map(
      (appId, appIndex): SmsAccount => ({ appId, appIndex, apiKey: randomBytes(24).toString('base64url') }),
    )
    const [first] = accounts
    return {
      provider: 'sms-gateway',
      apps: accounts,
      operations: [smsMessages(accounts, ports)],
      environment: url => (first === undefined ? {} : { SMS_URL: url, SMS_API_KEY: first.apiKey }),
    }
  },
})
