import type * as pulumi from "@pulumi/pulumi";
import type { BlueGreenServiceArgs } from "../../../infra/component/blue-green-service.ts";
import { HOME } from "../../support/pulumi-mock-calls.ts";
import {
  NEVER_DEPLOYED,
  runProgram,
  type ProgramRun,
  type WrittenConfig,
} from "../../support/pulumi-mocks.ts";
import { TOKEN } from "../configs.ts";

type Model = readonly [name: string, args?: BlueGreenServiceArgs, opts?: pulumi.ComponentResourceOptions];

/** A program of these models, which exports each one's outputs under its own name. */
const programOf =
  (...models: readonly Model[]) =>
  async () => {
    const { BlueGreenService } = await import("../../../infra/component/blue-green-service.ts");
    // All of them, also where one is refused: what goes on would reach the mocks of the next test.
    const ended = await Promise.allSettled(
      models.map(async ([name, args, opts]) => [
        name,
        (await new BlueGreenService(name, args, opts).made).outputs,
      ]),
    );
    const refused = ended.find(({ status }) => status === "rejected");
    if (refused?.status === "rejected") throw refused.reason;
    return Object.fromEntries(ended.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])));
  };

/** The program of these models, none of them deployed yet. */
export const run = (config: WrittenConfig, ...models: readonly Model[]): Promise<ProgramRun> =>
  runProgram(config, "dev", NEVER_DEPLOYED, undefined, [], HOME, programOf(...models));

export const LOCAL = { localCloud: "http://127.0.0.1:4566", testToken: TOKEN };
/** A configuration in the namespace of a model. */
export const ofModel = (model: string, config: WrittenConfig): WrittenConfig =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [`${model}:${key}`, value]));
