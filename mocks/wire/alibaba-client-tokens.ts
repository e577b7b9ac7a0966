import { randomBytes } from 'node:crypto'
import type { Answer, DialectPorts } from '../dialect.ts'
import { productAnswer, requestId } from './alibaba-answers.ts'
import type { RpcAction } from './alibaba-rpc.ts'
import { type StringFields, text } from './string-fields.ts'

/**
 * Tokens with which the vendor's own SDK in a page or app starts; none of them stands for a number, and our handset needs none.
 * Opaque here ([S17]).
 */
export function clientTokenActions(ports: DialectPorts): RpcAction[] {
  return [
    {
      name: 'GetAuthToken',
      required: ['Url', 'Origin'],
      run: ({ params }) => {
        if (!['', '0', '1'].includes(text(params, 'BizType'))) return invalid('BizType', ports)
        if (![text(params, 'Url'), text(params, 'Origin')].every(address => /^https?:\/\//.test(address))) {
          return invalid('Url or Origin', ports)
        }
        const TokenInfo = { AccessToken: opaque(48), JwtToken: opaque(96) }
        return productAnswer('OK', { Message: 'OK', RequestId: requestId(), TokenInfo })
      },
    },
    {
      name: 'GetFusionAuthToken',
      required: ['Platform', 'SchemeCode', 'DurationSeconds'],
      run: ({ params }) => {
        const trouble = fusionTrouble(params)
        if (trouble !== undefined) return invalid(trouble, ports)
        return productAnswer('OK', { Message: 'OK', RequestId: requestId(), Model: opaque(64), Success: true })
      },
    },
  ]
}

function fusionTrouble(params: StringFields): string | undefined {
  const seconds = Number(text(params, 'DurationSeconds'))
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > 43_200) return 'DurationSeconds'
  switch (text(params, 'Platform')) {
    case 'Android':
      return text(params, 'PackageName') === '' || text(params, 'PackageSign') === '' ? 'PackageName or PackageSign' : undefined
    case 'iOS':
      return text(params, 'BundleId') === '' ? 'BundleId' : undefined
    default:
      return 'Platform'
  }
}

function invalid(what: string, ports: DialectPorts): Answer {
  const fields = { Message: `invalid parameter: ${what}`, RequestId: requestId() }
  return productAnswer('isv.INVALID_PARAMETERS', fields, undefined, Number(ports.assume('isv-status')))
}

function opaque(bytes: number): string {
  return randomBytes(bytes).toString('base64url')
}
