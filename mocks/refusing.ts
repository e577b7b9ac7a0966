import type { Answer, DialectPorts, Operation, Reading } from './dialect.ts'

/**
 * An operation whose refusals come with the HTTP status that its part assumes under `http-status`: most vendors show their error
 * codes and say nothing of the status that carries them.
 */
export function refusingAsAssumed(operation: Operation, ports: DialectPorts): Operation {
  const restated = (answer: Answer): Answer => {
    if (answer.billed || answer.redeemed || answer.httpStatus !== 200) return answer
    const httpStatus = Number(ports.assume('http-status'))
    return httpStatus === 200 ? answer : { ...answer, httpStatus }
  }
  return {
    ...operation,
    read: call => {
      const reading = operation.read(call)
      const { settle, systemError, throttled, ipRefused } = reading
      const wrapped: Reading = {
        ...reading,
        settle: claims => restated(settle(claims)),
        systemError: code => restated(systemError(code)),
      }
      if (throttled !== undefined) wrapped.throttled = () => restated(throttled())
      if (ipRefused !== undefined) wrapped.ipRefused = () => restated(ipRefused())
      return wrapped
    },
  }
}

/** The answers to `http-status`. */
export const REFUSAL_STATUS = ['200', '400'] as const
