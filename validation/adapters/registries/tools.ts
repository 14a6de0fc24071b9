import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { RegistryTools } from "../../registries/define.ts";
import { lazily, PATIENCE, type Target } from "../target.ts";
import { askOverHttp } from "./http.ts";
import { sageMakerPackages } from "./packages.ts";

export interface RegistryPlace {
  /** The project's directory. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The account of the stack; undefined: it is on the local cloud, which has no SageMaker, and the SDK's own chain counts. */
  readonly target: Pick<Target, "region" | "profile"> | undefined;
}

/** What registries need of this machine. No SDK is loaded before its use. `until`: ends whatever is asked. */
export function registryTools({ root, env, target }: RegistryPlace, until?: AbortSignal): RegistryTools {
  const client = lazily(async () => {
    const { SageMakerClient } = await import("@aws-sdk/client-sagemaker");
    const { region, profile } = target ?? { region: env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"] };
    return new SageMakerClient({
      requestHandler: PATIENCE,
      ...(region === undefined ? {} : { region }),
      ...(profile === undefined ? {} : { profile }),
    });
  });
  return {
    readFile: (path) => readFile(resolve(root, path), "utf8"),
    variable: (name) => env[name] || undefined,
    ask: askOverHttp(until),
    packages: sageMakerPackages(client, until),
  };
}
