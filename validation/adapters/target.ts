/** Which cloud: everything by which the adapters tell AWS from the local cloud. */
export interface Target {
  readonly region: string;
  /** Of the AWS configuration files; undefined: what the environment says. */
  readonly profile?: string | undefined;
  /** undefined: AWS's own endpoints. */
  readonly endpoint: string | undefined;
  /** undefined: the SDK's own chain (environment, profile, role). */
  readonly credentials:
    | { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string }
    | undefined;
}

// A hanging connection must not hold up a verdict: a check that takes longer counts as unreadable.
const CONNECT_MS = 3_000;
const ANSWER_MS = 10_000;

/** Of every SDK client. Without the last of them the SDK only warns, and goes on waiting (node-http-handler, set-request-timeout). */
export const PATIENCE = {
  connectionTimeout: CONNECT_MS,
  requestTimeout: ANSWER_MS,
  throwOnRequestTimeout: true,
} as const;

/** Settings of every SDK client. */
export function clientConfig({ region, profile, endpoint, credentials }: Target) {
  return {
    region,
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    requestHandler: PATIENCE,
  };
}

/** Makes the client at its first use: an SDK client takes 70 ms to load, and `revert` needs one of three. */
export function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
