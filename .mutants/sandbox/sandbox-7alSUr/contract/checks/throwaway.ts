/** `Pulumi.dev.yaml` is the example that people throw away; the local cloud's stack is nobody's. */
export const THROWAWAY_STACKS: readonly string[] = ["dev", "local"];
