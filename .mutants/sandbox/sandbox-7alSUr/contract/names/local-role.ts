/**
 * The role of our own whose permissions a call to the local cloud has, when it asks for permissions (`local --authorize`). It
 * travels as the session token, which is where AWS's clients carry the proof that a role was assumed.
 */
export const localRole = (environment: Readonly<Record<string, string | undefined>>): string =>
  environment["BLUEGREEN_LOCAL_ROLE"] ?? "deploy";
