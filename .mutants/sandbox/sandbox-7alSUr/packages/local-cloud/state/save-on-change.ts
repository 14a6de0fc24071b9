import { messageOf, UserError } from "../../pulumi-engine/errors.ts";
import { coalesced } from "../../pulumi-engine/state/state.ts";

export interface Saver {
  /** Something has changed; everything that changes in the same turn is saved together. */
  request(): void;
  /** Resolves when what was requested so far is on disk, or has failed and was told. Never rejects. */
  settled(): Promise<void>;
  /** Saves a last time. Rejects when that fails. */
  close(): Promise<void>;
}

/**
 * Saves one at a time. A save that fails (a full disk, say) takes nothing down: it is told once, the next change or
 * heartbeat tries again, and that it works again is told too.
 */
export function createSaver(path: string, save: () => Promise<void>, tell: (line: string) => void): Saver {
  let failing = false;
  const write = coalesced(async () => {
    try {
      await save();
      if (failing) tell(`the local cloud can save ${path} again`);
      failing = false;
    } catch (error) {
      if (!failing) tell(`${lost(path, error)}. It goes on, and tries again with every change`);
      failing = true;
    }
  });
  let soon: Promise<void> | undefined;
  let latest = Promise.resolve();
  const request = () => {
    soon ??= Promise.resolve().then(() => {
      soon = undefined;
      return write();
    });
    latest = soon;
  };
  return {
    request,
    settled: () => latest,
    async close() {
      await latest;
      try {
        await save();
      } catch (error) {
        throw new UserError(lost(path, error));
      }
    },
  };
}

function lost(path: string, error: unknown): string {
  return `the local cloud cannot save ${path}: ${messageOf(error)}; what is not saved is lost when it stops`;
}
