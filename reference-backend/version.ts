/** Version the backend reports in its identity; moves with what it answers, not with the harness. */
export const BACKEND_NAME = 'reference-backend'
export const BACKEND_VERSION = '0.1.0'
