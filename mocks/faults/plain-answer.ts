import type { Answer } from '../dialect.ts'

/** An answer no dialect knows: from the proxy in front of a provider. Nothing given out, nothing charged. */
export function plainAnswer(httpStatus: number, text: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    httpStatus,
    contentType: 'text/html',
    body: `<html><body><h1>${httpStatus} ${text}</h1></body></html>`,
    headers,
    resultCode: '',
    redeemed: false,
    billed: false,
  }
}

/** The answer with another result code in its body: as text where it was text, bare where it was a number. */
export function withResultCode(answer: Answer, code: string): Answer {
  const { body, resultCode } = answer
  if (resultCode === '') return answer
  const bare = /^-?\d+$/.test(code) ? code : JSON.stringify(code)
  const changed = body.includes(`"${resultCode}"`)
    ? body.replace(`"${resultCode}"`, () => JSON.stringify(code))
    : body.replace(resultCode, () => bare)
  return { ...answer, body: changed, resultCode: code }
}
