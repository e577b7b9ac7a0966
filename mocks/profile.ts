/** What an app would know of a subscriber beside the number. Invented, the same for the same index. */
export interface SubscriberProfile {
  nickname: string
  /** A picture as a data URI; nothing is fetched. */
  avatar: string
}

/** Made on demand: faker's Chinese word lists are loaded with the first profile and not before. */
export async function profileOf(index: number): Promise<SubscriberProfile> {
  const { faker } = await import('@faker-js/faker/locale/zh_CN')
  faker.seed(index)
  return { nickname: faker.person.fullName(), avatar: faker.image.dataUri({ width: 64, height: 64, type: 'svg-base64' }) }
}
