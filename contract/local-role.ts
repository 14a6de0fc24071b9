/**
 * The role of our own whose rights a call to the local cloud has, when it asks for rights (`local --authorize`): as the
 * access key that the call is signed with. The local cloud checks no signature.
 */
export const localRole = (environment: Readonly<Record<string, string | undefined>>): string =>
  environment["BLUEGREEN_LOCAL_ROLE"] ?? "deploy";
