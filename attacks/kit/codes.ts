import type { Lab, SmsMessage } from '../../src/contract/attack.ts'
import type { SmsPurpose } from '../../src/contract/target.ts'

const ARRIVES_WITHIN_MS = 2000

/** Has a code sent to a number and reads it off the phone; undefined when the target says no or nothing comes. */
export async function codeFor(lab: Lab, number: string, purpose: SmsPurpose): Promise<string | undefined> {
  const before = (await lab.messages(number)).length
  const { reading } = await lab.send('smsSend', { number, purpose })
  if (reading.kind !== 'granted') return undefined
  let messages: SmsMessage[] = []
  await lab.eventually(async () => {
    messages = await lab.messages(number)
    return messages.length > before
  }, ARRIVES_WITHIN_MS)
  return messages.slice(before).map(codeIn).at(-1)
}

/** The code of a message: the parameter that is called so, or else the one that is all digits. */
function codeIn({ params }: SmsMessage): string | undefined {
  return params.code ?? Object.values(params).find(value => /^\d{4,8}$/.test(value))
}
