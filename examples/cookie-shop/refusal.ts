/** Error numbers of the shop. The first three digits borrow HTTP's meaning; the HTTP status itself is always 200. */
export const ERRNO = {
  bodyMalformed: 40001,
  challengeMalformed: 40002,
  accessCodeMalformed: 40003,
  operatorNotOffered: 40004,
  notLoggedIn: 40101,
  challengeUnknown: 40102,
  accessCodeRefused: 40103,
  accessCodeSpent: 40104,
  numberChangedHands: 40105,
  noticeNotGenuine: 40301,
  noSuchPage: 40401,
  bodyTooLarge: 41301,
  contentTypeUnsupported: 41501,
  internal: 50001,
  carrierUnavailable: 50301,
} as const

/** A no. The sentence reaches the client: a constant, never anything that was sent in. */
export class Refusal extends Error {
  readonly errno: number

  constructor(reason: keyof typeof ERRNO, sentence: string) {
    super(sentence)
    this.name = 'Refusal'
    this.errno = ERRNO[reason]
  }
}
