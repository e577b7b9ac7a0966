import { type AlibabaAccess, rpcCall } from './alibaba-signature.ts'
import { beijingTime } from './china-mobile.ts'
import { parsedObject } from './exchange.ts'
import type { Transport } from './transport.ts'

/** `unknown`: the service cannot tell, does not know the number or gave no answer. Not the same as no change. */
export type SubscriberAnswer = 'same' | 'changed' | 'unknown'

/** Asks whether a number has another subscriber than at a time in the past. */
export interface SubscriberCheck {
  /** `sinceMs`: when the present holder was last known, epoch milliseconds. Does not throw. */
  ask(msisdn: string, sinceMs: number): Promise<SubscriberAnswer>
  close(): void
}

export interface DytnsAccess extends AlibabaAccess {
  authCode: string
}

/**
 * Alibaba Dytnsapi `DescribePhoneTwiceTelVerify`: reissued when the carrier's last issue lies after `StartTime`, the user's
 * registration here. The older DescribePhoneNumberResale reads its date the other way round and must not be put in its place.
 */
export function dytnsSubscriberCheck(access: DytnsAccess, transport: Transport, nowMs: () => number): SubscriberCheck {
  return {
    close: () => transport.close(),
    ask: async (msisdn, sinceMs) => {
      const parameters = {
        Action: 'DescribePhoneTwiceTelVerify',
        Version: '2020-02-17',
        AuthCode: access.authCode,
        InputNumber: msisdn,
        Mask: 'NORMAL',
        StartTime: spaced(beijingTime(sinceMs)),
      }
      const reply = await transport.send({ method: 'POST', path: rpcCall(access, parameters, { nowMs: nowMs() }) })
      if (reply.kind === 'failed' || reply.status !== 200) return 'unknown'
      return answerOf(parsedObject(reply.text))
    },
  }
}

/** 1 reissued, 2 not reissued, 4 transferred to a new owner; 0 cannot tell, 3 cancelled though somebody just used it. */
function answerOf(fields: Record<string, unknown> | undefined): SubscriberAnswer {
  const data = fields?.Code === 'OK' ? fields.Data : undefined
  if (typeof data !== 'object' || data === null || !('VerifyResult' in data)) return 'unknown'
  switch (String(data.VerifyResult)) {
    case '1':
    case '4':
      return 'changed'
    case '2':
      return 'same'
    default:
      return 'unknown'
  }
}

/** `yyyyMMddHHmmssSSS` -> `yyyy-MM-dd HH:mm:ss`. */
function spaced(time: string): string {
  return time.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d).*$/, '$1-$2-$3 $4:$5:$6')
}
