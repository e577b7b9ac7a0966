import type { TargetStep } from '../contract/flow.ts'
import {
  OPERATION_IDS,
  type OperationContext,
  type OperationId,
  type TargetOperation,
  type TargetProfile,
} from '../contract/target.ts'

/** A request as a load tool sends it. `path` holds the base URL's own path. */
export interface LoadRequest {
  method: string
  path: string
  headers: Record<string, string>
  body: string | undefined
}

/** Builds the request of a step. Throws what the target module throws, and for an operation the target lacks. */
export type RequestBuilder = (step: TargetStep, context: OperationContext) => LoadRequest

/** Works out once per operation what does not depend on its input: the counterpart in Node of scenarios/k6/operations.ts. */
export function prepareRequests(target: TargetProfile, baseUrl: string): RequestBuilder {
  const basePath = new URL(baseUrl).pathname.replace(/\/+$/, '')
  const builders = new Map<OperationId, (input: never, context: OperationContext) => LoadRequest>()
  for (const op of OPERATION_IDS) {
    const operation = target.operations[op] as TargetOperation<never> | undefined
    if (operation !== undefined) builders.set(op, prepare(operation, basePath))
  }
  return (step, context) => {
    const builder = builders.get(step.op)
    if (builder === undefined) throw new Error(`the target has no operation ${step.op}`)
    // The step's input fits its operation: both are keyed by `op`; the compiler cannot follow that through the table.
    return builder(step.input as never, context)
  }
}

function prepare(operation: TargetOperation<never>, basePath: string): (input: never, context: OperationContext) => LoadRequest {
  const { method, body, inputHeaders } = operation
  const path = basePath + operation.path
  const constant: Record<string, string> = { 'User-Agent': 'onetap', ...operation.headers }
  return (input, context) => ({
    method,
    path,
    headers: inputHeaders === undefined ? constant : { ...constant, ...inputHeaders(input, context) },
    body: body?.(input, context),
  })
}
