import type {
  CredentialInput,
  OperationContext,
  OperationId,
  Reply,
  TargetOperation,
  TargetProfile,
} from '../../src/contract/target.ts'

/** What differs between REST and another dialect of the same backend. What is left out stays as it is. */
export interface Translation {
  name: string
  /** In place of the constant headers of a request with a body. */
  bodyHeaders?: Readonly<Record<string, string>>
  /** The headers that depend on the input, as REST has them, turned into the dialect's. */
  headers?(rest: Record<string, string>, id: OperationId, input: unknown): Record<string, string>
  /** The JSON text of a request, turned into the dialect's body. */
  body?(rest: string, id: OperationId): string
  /** A reply of the dialect, turned into what REST would have answered. Must not trust anything. */
  reply?(reply: Reply): Reply
}

/**
 * A target module for a backend that does the same in other words. Carriers' notices are no client's and stay as they are. Each
 * request is written twice here; a module for a load of thousands a second would write the dialect's own request at once.
 */
export function translated(target: TargetProfile, translation: Translation): TargetProfile {
  const entries = Object.entries(target.operations).map(([id, operation]) => [
    id,
    id === 'rebind' ? operation : inDialect(id as OperationId, operation as TargetOperation<CredentialInput>, translation),
  ])
  return { ...target, name: `${target.name}, ${translation.name}`, operations: Object.fromEntries(entries) }
}

function inDialect<Input>(id: OperationId, rest: TargetOperation<Input>, translation: Translation): TargetOperation<Input> {
  const { bodyHeaders, headers, body, reply } = translation
  const { inputHeaders, body: restBody, read } = rest
  const spoken: TargetOperation<Input> = { ...rest }
  if (bodyHeaders !== undefined && restBody !== undefined) spoken.headers = bodyHeaders
  if (headers !== undefined) {
    spoken.inputHeaders = (input: Input, context: OperationContext) => headers(inputHeaders?.(input, context) ?? {}, id, input)
  }
  if (body !== undefined && restBody !== undefined) {
    spoken.body = (input: Input, context: OperationContext) => body(restBody(input, context), id)
  }
  if (reply !== undefined) spoken.read = answer => read(reply(answer))
  return spoken
}

/** As REST answers: the status says what happened, the body is JSON or nothing. */
export function restReply(reply: Reply, status: number, body: unknown): Reply {
  return { status, headers: reply.headers, body: body === undefined ? '' : JSON.stringify(body) }
}
