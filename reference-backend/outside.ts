import { type Carriers, type NumberChecks, openCarriers } from './carriers/open.ts'
import { dytnsSubscriberCheck, type SubscriberCheck } from './carriers/subscriber-check.ts'
import { openTransport, type TransportSettings } from './carriers/transport.ts'
import type { ArmedControls } from './controls/arm.ts'
import type { CarrierDeadline } from './controls/carrier-deadline.ts'
import type { Settings } from './environment.ts'
import { type Outbox, openOutbox } from './messages/outbox.ts'
import { type SmsGateway, smsGateway } from './messages/sms-gateway.ts'
import { openProviders, type Providers } from './providers/open.ts'

/** Everybody this backend asks or writes to. What the environment does not name is not there. */
export interface Outside {
  carriers: Carriers
  numberChecks: NumberChecks
  providers: Providers
  subscribers: SubscriberCheck | undefined
  sms: SmsGateway | undefined
  outbox: Outbox
  deadline: CarrierDeadline
  close(): void
}

export function openOutside(settings: Settings, controls: ArmedControls, nowMs: () => number): Outside {
  const deadline = controls['carrier-deadline'](settings.carriers.timeoutMs)
  const transport: TransportSettings = {
    timeoutMs: deadline.transportTimeoutMs,
    maxReplyBytes: controls['input-bounds']().replyLimitBytes,
    followRedirects: controls['app-binding']().followRedirects,
  }
  const { carriers, numberChecks } = openCarriers(settings.carriers, {
    reader: controls['carrier-answer-read'](),
    writer: controls['carrier-request-written'](),
    transport,
    guard: controls['carrier-calls'],
    nowMs,
  })
  const providers = openProviders(settings.providers, transport)
  const { subscriberCheck, sms } = settings
  const subscribers =
    subscriberCheck && dytnsSubscriberCheck(subscriberCheck, openTransport(subscriberCheck.url, transport), nowMs)
  const gateway = sms && smsGateway(sms, openTransport(sms.url, transport))
  return {
    carriers,
    numberChecks,
    providers,
    subscribers,
    sms: gateway,
    outbox: openOutbox(settings.outboxFile),
    deadline,
    close: () => {
      for (const client of [...carriers.values(), ...numberChecks.values(), ...providers.values()]) client.close()
      subscribers?.close()
      gateway?.close()
    },
  }
}
