import type { PulumiCommand } from "@pulumi/pulumi/automation/cmd.js";
import { isRecord } from "../../../contract/config/field.ts";
import { knowingRefusals } from "./refusals.ts";

/** `run` is a method of every PulumiCommand that its published types leave out. */
export interface RunnablePulumi extends PulumiCommand {
  run(args: string[], cwd: string, environment: Record<string, string>): Promise<{ readonly stdout: string }>;
}

/** What is asked of an engine about a stack, without an update. Throws UserError where Pulumi refuses to tell. */
export interface StackReader {
  /** A page of the updates, newest first; the first page is 1. */
  history(page: {
    readonly size: number;
    readonly page: number;
    readonly showSecrets: boolean;
  }): Promise<readonly unknown[]>;
  /** Secrets in clear. */
  outputs(): Promise<Readonly<Record<string, unknown>>>;
  /** What the checkout's file configures, secrets in clear. */
  config(): Promise<Readonly<Record<string, { readonly value: string }>>>;
}

/**
 * By the commands that the Automation API runs for the same (automation/stack.js, `history`; automation/localWorkspace.js,
 * `stackOutputs` and `getAllConfig`), which takes half a second to load; and outputs in one command instead of two, which
 * with Pulumi's CLI is a second.
 */
export function stackReader(
  command: PulumiCommand,
  { directory, stack }: { readonly directory: string; readonly stack: string },
): StackReader {
  const ask = async (...args: readonly string[]): Promise<unknown> => {
    const { stdout } = await knowingRefusals(stack, () =>
      // See RunnablePulumi.
      (command as RunnablePulumi).run([...args, "--stack", stack], directory, KEY_OF_STATE),
    );
    return JSON.parse(stdout);
  };
  return {
    async history({ size, page, showSecrets }) {
      const secrets = showSecrets ? ["--show-secrets"] : [];
      const pages = ["--page-size", String(size), "--page", String(page)];
      const found = await ask("stack", "history", "--json", ...secrets, ...pages);
      if (!Array.isArray(found)) throw new Error("the update history is no list");
      return found;
    },
    async outputs() {
      const found = await ask("stack", "output", "--json", "--show-secrets");
      if (!isRecord(found)) throw new Error("the stack's outputs are no object");
      return found;
    },
    async config() {
      const found = await ask("config", "--show-secrets", "--json");
      if (!isRecord(found)) throw new Error("the stack's configuration is no object");
      // As `pulumi config --json` prints it: pulumi, pkg/cmd/pulumi/config/config.go, `configValueJSON`.
      return found as Readonly<Record<string, { readonly value: string }>>;
    },
  };
}

/**
 * Without it, showing secrets of a stack whose file is not in the checkout makes up a new key, which opens none of them,
 * and leaves it there in a new file (pulumi, pkg/cmd/pulumi/stack/secrets.go, `GetSecretsManager`; seen with 3.259).
 */
const KEY_OF_STATE = { PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true" };
