/** A wrong environment; the message is one sentence a person can act on. */
export class SettingsError extends Error {
  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options)
    this.name = 'SettingsError'
  }
}
