import { isRecord } from "../../contract/config/field.ts";
import { projectName } from "../../validation/adapters/pulumi/project-name.ts";
import { allStacks, type KnownStack } from "../../validation/insight/all-stacks.ts";
import { attempt } from "../../validation/reading.ts";
import { contextOf } from "../flow.ts";
import { resultJson } from "../json.ts";
import { localStacks } from "../local/stack-names.ts";
import { localPlace, type LocalPlace } from "../local/place.ts";
import { findCli, runCli, withThisNode } from "../pulumi-cli.ts";
import { stackFiles, stackTarget } from "../stack-target.ts";
import { harmless } from "../view/harmless.ts";
import { showAllStacks } from "../view/all-stacks.ts";

/** `npx bluegreen status --all`: every stack of the project, on the local cloud and on AWS. */
export async function statusOfAll(asJson: boolean): Promise<void> {
  const place = localPlace();
  const local = await localStacks(place, await projectName(place.root));
  const { aws, unlisted } = await awsStacks(place);
  const known = await Promise.all([
    ...local.map((stack) => modelsOf("local", stack, place)),
    ...aws.map((stack) => modelsOf("aws", stack, place)),
  ]);
  const outcome = await allStacks(known.flat(), unlisted);
  process.stdout.write(`${harmless(asJson ? resultJson(outcome) : showAllStacks(outcome))}\n`);
  process.exitCode = outcome.exitCode;
}

/** A line for each model of a stack; one for a stack that cannot be read, or has none. */
async function modelsOf(
  where: KnownStack["where"],
  stack: string,
  place: LocalPlace,
): Promise<readonly KnownStack[]> {
  const storeOf = async (model?: string) => {
    const target = await stackTarget(`${where}:${stack}`, "reads", place, process.env);
    return (await contextOf(target, place, { report: () => {} }, "reads", model)).store;
  };
  const found = await attempt(async () => (await storeOf()).models());
  const models = found.readable ? found.value : [];
  const [only, ...others] = models;
  if (only === undefined) return [{ stack, where, deployed: async () => (await storeOf()).deployed() }];
  const nameOf = (model: string) => (others.length === 0 ? stack : `${stack}, model ${model}`);
  return models.map((model) => ({
    stack: nameOf(model),
    where,
    deployed: async () => (await storeOf(model)).deployed(),
  }));
}

interface ListedStacks {
  readonly aws: readonly string[];
  /** Why Pulumi has not said which there are; undefined: it has, or there is no CLI to ask. */
  readonly unlisted?: string;
}

/** Those that Pulumi's CLI knows in its backend, and those that have a file in the checkout. */
async function awsStacks({ root }: LocalPlace): Promise<ListedStacks> {
  const files = await stackFiles(root);
  const found = await attempt(() => findCli(root, process.env));
  if (!found.readable) return { aws: files, unlisted: `pulumi cannot be asked for its stacks: ${found.why}` };
  if (found.value === undefined) return { aws: files };
  const env = withThisNode(process.env);
  const { code, stdout, stderr } = await runCli(found.value, ["stack", "ls", "--json"], { cwd: root, env });
  if (code !== 0) return { aws: files, unlisted: `pulumi cannot list its stacks: ${stderr.trim()}` };
  const listed: unknown = JSON.parse(stdout);
  const names = (Array.isArray(listed) ? listed : []).flatMap((one) =>
    isRecord(one) && typeof one["name"] === "string" ? [one["name"]] : [],
  );
  return { aws: [...new Set([...files, ...names])].toSorted() };
}
