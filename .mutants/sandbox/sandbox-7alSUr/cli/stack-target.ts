import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { isRecord } from "../contract/config/field.ts";
import { LOCAL_STACK } from "./local/project.ts";
import { readStackFile } from "../validation/adapters/pulumi/stack-file.ts";
import { projectName } from "../validation/adapters/pulumi/project-name.ts";
import { UserError } from "../validation/errors.ts";
import { nameOf } from "./local/engine-choice.ts";
import { localStacks } from "./local/stack-names.ts";
import { runningCloud } from "./local/running-cloud.ts";
import type { Endpoint } from "./local/endpoint.ts";
import type { LocalPlace } from "./local/place.ts";

/** The stack that a verb works on, and where it stands. */
export type StackTarget =
  | {
      readonly kind: "local";
      readonly project: string;
      readonly stack: string;
      readonly cloud: Endpoint;
      readonly directory: string;
    }
  | {
      readonly kind: "aws";
      readonly project: string;
      readonly stack: string;
      readonly region: string;
      /** Of the AWS configuration files; undefined: that of the environment. */
      readonly profile: string | undefined;
      readonly directory: string;
    };

/** Whether a verb changes something; a writer refuses a target that could be another one. */
export type Access = "reads" | "writes";

/**
 * The stack that is named, or the local one when its cloud runs and nothing hints at AWS. `local:<name>` is one of the
 * local engine, `aws:<name>` one on AWS; a name alone is the one that there is. Throws UserError when it is not clear,
 * or not there.
 */
export async function stackTarget(
  named: string | undefined,
  access: Access,
  place: LocalPlace,
  environment: NodeJS.ProcessEnv,
): Promise<StackTarget> {
  if (named !== undefined) {
    const { where, stack } = await placeOf(named, place);
    if (where === "aws") return awsTarget(stack, place, environment);
    const running = await runningCloud(place);
    if (running === undefined) throw new UserError("BG152", "");
    return localTarget(place, running, stack);
  }
  const cloud = await runningCloud(place);
  if (cloud === undefined) throw new UserError("BG153", "No stack is named, and no local cloud runs here.");
  // An empty variable is how a shell takes one away.
  const hints = ["PULUMI_STACK", "AWS_PROFILE", "AWS_ACCESS_KEY_ID"].filter(
    // The key of this very cloud, as `npx bluegreen local env` exports it, hints at nothing else.
    (name) => environment[name] && environment[name] !== cloud.accessKeyId,
  );
  if (access === "writes" && hints.length > 0) {
    throw new UserError("BG153", `A local cloud runs here, but ${hints.join(" and ")} is set, too.`);
  }
  return localTarget(place, cloud);
}

/** The project of the checkout, whose Pulumi.yaml is generated anew beside the local stack. */
export async function localTarget(
  { root, directory }: LocalPlace,
  cloud: Endpoint,
  stack = LOCAL_STACK,
): Promise<StackTarget> {
  await refuseBrokenProject(join(directory, "Pulumi.yaml"));
  return { kind: "local", project: await projectName(root), stack, cloud, directory };
}

/** Whatever engine reads it would tell it as its own failure. @throws UserError BG251. */
async function refuseBrokenProject(path: string): Promise<void> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  const [error] = text === undefined ? [] : parseDocument(text).errors;
  if (error === undefined) return;
  const [reason] = error.message.split("\n");
  throw new UserError(
    "BG251",
    `${path} is broken (${reason}): stop the local cloud and start it anew with npx bluegreen local, which writes that file; nothing is lost.`,
  );
}

/** Where the stack of this name stands. Throws UserError when both engines have one, or the local one has none. */
async function placeOf(
  named: string,
  place: LocalPlace,
): Promise<{ readonly where: "local" | "aws"; readonly stack: string }> {
  const [, prefix, own] = /^(local|aws):(.+)$/.exec(named) ?? [];
  if (prefix === "aws" && own !== undefined) return { where: "aws", stack: own };
  // It is made by the cloud's first start, so without one there is none yet.
  if (named === LOCAL_STACK || own === LOCAL_STACK) return { where: "local", stack: LOCAL_STACK };
  const stack = own ?? named;
  const known = await localStacks(place, await projectName(place.root));
  if (own === undefined) {
    if (!known.includes(stack)) return { where: "aws", stack };
    if (!(await stackFiles(place.root)).includes(stack)) return { where: "local", stack };
    throw new UserError(
      "BG153",
      `There is a stack ${stack} on the local cloud, and a Pulumi.${stack}.yaml of one on AWS: local:${stack} or aws:${stack}?`,
    );
  }
  if (known.includes(stack)) return { where: "local", stack };
  throw new UserError("BG254", `It is ${stack}; there are ${known.join(", ") || "none"}.`);
}

/** As Pulumi's AWS provider does it: what the stack says goes before the environment. */
async function awsTarget(
  stack: string,
  place: LocalPlace,
  environment: NodeJS.ProcessEnv,
): Promise<StackTarget> {
  const { root } = place;
  const path = join(root, `Pulumi.${stack}.yaml`);
  const project = await projectName(root);
  const file: unknown = (await readStackFile(path, project))?.yaml.toJS();
  const config = isRecord(file) && isRecord(file["config"]) ? file["config"] : {};
  const region = config["aws:region"] || environment["AWS_REGION"];
  if (typeof region !== "string" || region === "") {
    const where =
      file === undefined
        ? `There is no Pulumi.${stack}.yaml, but one for ${await stacksToName(place)}`
        : `Pulumi.${stack}.yaml has no aws:region`;
    throw new UserError("BG155", `${where}, and AWS_REGION is not set.`);
  }
  const profile = config["aws:profile"];
  return {
    kind: "aws",
    project,
    stack,
    region,
    profile: typeof profile === "string" && profile !== "" ? profile : undefined,
    directory: root,
  };
}

/** Names of the stacks that have a file in the checkout. */
export async function stackFiles(root: string): Promise<readonly string[]> {
  return (await readdir(root)).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
}

async function stacksToName(place: LocalPlace): Promise<string> {
  const local = await localStacks(place, await projectName(place.root));
  const others = local.filter((stack) => stack !== LOCAL_STACK).map((stack) => `local:${stack}`);
  return [...(await stackFiles(place.root)), LOCAL_STACK, ...others].join(", ");
}

/** The first line of every verb: what it is about to work on. `routeArn`: where the route was seen last. */
export function describeTarget(
  target: StackTarget & { readonly model?: string | undefined },
  routeArn: string | undefined,
): string {
  const { stack, project, model = project } = target;
  const whole = model === project ? `stack ${stack}` : `stack ${stack}, model ${model}`;
  if (target.kind === "local") {
    const { url, speed, engine } = target.cloud;
    return `${whole} · local cloud at ${url}, ${speed} × · ${nameOf(engine)}`;
  }
  // arn:aws:elasticloadbalancing:region:account:listener-rule/…
  const account = routeArn?.split(":")[4] ?? "of the credentials in use";
  return `${whole} · AWS account ${account}, ${target.region} · pulumi CLI`;
}
