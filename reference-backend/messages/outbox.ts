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

export function memoryOutbox(): Outbox {
  const sent: Mail[] = []
  return {
    sent,
    send: async mail => {
      sent.push(mail)
      if (sent.length > MOST_KEPT) sent.shift()
    },
  }
}
