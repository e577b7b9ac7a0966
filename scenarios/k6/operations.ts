import http, { type RefinedParams, type RefinedResponse } from 'k6/http'
import type { TargetStep } from '../../src/contract/flow.ts'
import { type PhoneAccess, type PhoneStep, phoneRequests, readPhone } from '../../src/contract/phone.ts'
import {
  OPERATION_IDS,
  type OperationContext,
  type OperationId,
  type Reading,
  type TargetOperation,
} from '../../src/contract/target.ts'
import { dropJar, emptyJar } from './cookie-jar.ts'

type TextResponse = RefinedResponse<'text'>

/** An operation made ready once per virtual user, so that a request copies nothing but the headers that depend on its input. */
export interface PreparedOperation {
  send(step: TargetStep, context: OperationContext): TextResponse
  /** Reads k6's own response object, uncopied. A reader that throws has not understood the reply: `failed`. */
  read(response: TextResponse): Reading
}

/** Asks the user's own phone; see phone.ts of the contract. */
export function preparePhone(
  access: PhoneAccess,
  timeoutMs: number,
): { send(step: PhoneStep): TextResponse; read(step: PhoneStep, response: TextResponse): Reading } {
  const requestOf = phoneRequests(access)
  const timeout = `${timeoutMs}ms`
  return {
    send: step => {
      const { method, url, headers, body } = requestOf(step)
      return http.request(method, url, body, { headers, timeout, responseType: 'text', jar: emptyJar() })
    },
    read: (step, response) => readPhone(step.op, response),
  }
}

/** Prepares every operation the target has. */
export function prepareOperations(
  operations: { [Op in OperationId]?: TargetOperation<never> },
  baseUrl: string,
  timeoutMs: number,
): Partial<Record<OperationId, PreparedOperation>> {
  const prepared: Partial<Record<OperationId, PreparedOperation>> = {}
  for (const op of OPERATION_IDS) {
    const operation = operations[op]
    if (operation !== undefined) prepared[op] = prepare(operation, baseUrl, timeoutMs)
  }
  return prepared
}

function prepare(operation: TargetOperation<never>, baseUrl: string, timeoutMs: number): PreparedOperation {
  const { method, inputHeaders, body } = operation
  const url = baseUrl + operation.path
  const constant = operation.headers ?? {}
  const timeout = `${timeoutMs}ms`
  const shared: RefinedParams<'text'> = { headers: constant, timeout, responseType: 'text' }

  return {
    send(step, context) {
      // The step's input fits its operation: both are keyed by `op`; the compiler cannot follow that through the table.
      const input = step.input as never
      let params = shared
      if (inputHeaders !== undefined) {
        params = { headers: Object.assign({}, constant, inputHeaders(input, context)), timeout, responseType: 'text' }
      }
      params.jar = emptyJar()
      const response = http.request(method, url, body === undefined ? null : body(input, context), params)
      if (response.headers['Set-Cookie'] !== undefined) dropJar()
      return response
    },
    read(response) {
      try {
        return operation.read(response)
      } catch (error) {
        return { kind: 'failed', reason: `reader threw: ${error}` }
      }
    },
  }
}
