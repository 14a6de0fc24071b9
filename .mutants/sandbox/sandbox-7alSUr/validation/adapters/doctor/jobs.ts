import type { Facts } from "../../insight/doctor/facts.ts";
import { attempt } from "../../reading.ts";
import { encryptionOf, readStackFile, valueIn } from "../pulumi/stack-file.ts";

/** What a stack's file says of secrets; unreadable where there is none. */
export async function fileFacts(
  path: string,
  project: string,
  model?: string,
): Promise<Pick<Facts, "encryption" | "hasTestToken" | "hasNotifyUrl">> {
  const file = await attempt(async () => {
    const found = await readStackFile(path, project, model);
    if (found === undefined) throw new Error(`there is no ${path}`);
    return found;
  });
  if (!file.readable) return { encryption: file, hasTestToken: file, hasNotifyUrl: file };
  return {
    encryption: { readable: true, value: encryptionOf(file.value) },
    hasTestToken: { readable: true, value: valueIn(file.value, "testToken") !== undefined },
    hasNotifyUrl: { readable: true, value: valueIn(file.value, "notifyUrl") !== undefined },
  };
}

/** GitHub, "Default environment variables": RUNNER_ENVIRONMENT is `github-hosted` or `self-hosted`. */
export function runnerOf({ RUNNER_ENVIRONMENT, BLUEGREEN_RUNNER }: NodeJS.ProcessEnv): Facts["runner"] {
  if (!RUNNER_ENVIRONMENT) return undefined;
  // Hosted runners of a larger kind can have fixed addresses (GitHub, "Larger runners"): whoever names one has chosen it.
  return RUNNER_ENVIRONMENT === "github-hosted" && !BLUEGREEN_RUNNER ? "hosted" : "own";
}
