import { appendFile } from 'node:fs/promises'

export interface Mail {
  to: string
  template: 'email-code'
  code: string
}

/** Where e-mails go. No mail server is part of this system: what would be sent is kept for whoever runs it to look at. */
export interface Outbox {
  send(mail: Mail): Promise<void>
  /** The newest mails, oldest first. Never shown by a route. */
  readonly sent: readonly Mail[]
}

const MOST_KEPT = 1000

/** `file`: gets a line of JSON for each mail, for whoever plays the recipient; readable by its owner only. */
export function openOutbox(file?: string): Outbox {
  const sent: Mail[] = []
  return {
    sent,
    send: async mail => {
      sent.push(mail)
      if (sent.length > MOST_KEPT) sent.shift()
      if (file !== undefined) await appendFile(file, `${JSON.stringify(mail)}\n`, { mode: 0o600 })
    },
  }
}
