/** Version the mocks report in their handshake; a unit test holds it to package.json. */
export const MOCKS_VERSION = '0.1.0'
