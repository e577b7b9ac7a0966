import type { Tamper } from '../contract/attack.ts'
import type { OperationContext, OperationInputs, TargetOperation, TargetProfile } from '../contract/target.ts'
import { NothingToAttack } from './trouble.ts'

/** A request ready for the wire. */
export interface WireRequest {
  method: string
  url: string
  /** Path and query as sent. */
  path: string
  headers: Record<string, string>
  body: string | undefined
  /** Address to connect from; the system's choice when absent. */
  from?: string | undefined
}

/** Builds a request by the target module. Throws what the module throws: a module that cannot build is a configuration fault. */
export function buildRequest<Op extends keyof OperationInputs>(
  target: TargetProfile,
  baseUrl: string,
  op: Op,
  input: OperationInputs[Op],
  context: OperationContext,
): WireRequest {
  const operation = operationOf(target, op)
  if (operation === undefined) throw new NothingToAttack(`the target has no operation ${op}`)
  const url = baseUrl.replace(/\/+$/, '') + (operation.inputPath?.(input) ?? operation.path)
  return {
    method: operation.method,
    url,
    path: url.slice(new URL(url).origin.length),
    headers: { ...operation.headers, ...operation.inputHeaders?.(input, context) },
    body: operation.body?.(input, context),
  }
}

/** The request as an attack changed it. Paths stay below the base URL. */
export function tampered(request: WireRequest, baseUrl: string, tamper: Tamper): WireRequest {
  const base = baseUrl.replace(/\/+$/, '')
  const { method, headers, body, from } = request
  const changed = tamper({ method, path: request.url.slice(base.length), headers, body, ...(from === undefined ? {} : { from }) })
  const url = base + changed.path
  return { ...changed, headers: { ...changed.headers }, url, path: url.slice(new URL(url).origin.length) }
}

/** The operation under its own input type; the map's type relates each key to its input, which indexing by a variable forgets. */
export function operationOf<Op extends keyof OperationInputs>(
  target: TargetProfile,
  op: Op,
): TargetOperation<OperationInputs[Op]> | undefined {
  return target.operations[op] as TargetOperation<OperationInputs[Op]> | undefined
}
