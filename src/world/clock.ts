/** The only places that read the machine's clock for the belt. Epoch milliseconds. */
export const now = (): number => Date.now()

export const sleep = (waitMs: number): Promise<void> => new Promise(resolve => setTimeout(resolve, waitMs))
