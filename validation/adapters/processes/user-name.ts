import { userInfo } from "node:os";

/**
 * Who runs this process, as people read it. A container may run as a user that the machine has no name of
 * (`docker run --user 1001`, `runAsUser` of Kubernetes): then by number, for nothing may fail for a name.
 */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // libuv: no entry in the user database. Nothing else is asked of it.
    return process.env["USER"] || `uid-${process.getuid?.() ?? "unknown"}`;
  }
}
