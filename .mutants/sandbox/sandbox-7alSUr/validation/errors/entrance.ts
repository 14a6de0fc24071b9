import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** How requests come to the model. */
export const ENTRANCE_ERRORS = {
  BG280: {
    exitCode: EXIT.usage,
    meaning: "The stack speaks HTTPS under the load balancer's own name, which no certificate covers.",
    fix: "`pulumi config set --path service.hostName <the name that the certificate covers>` (on a shared listener, too), then `pulumi up`.",
  },
} as const satisfies ErrorKinds;
