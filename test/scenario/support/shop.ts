import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { startCloudProcess } from "../../../cli/demo/cloud-process.ts";
import type { Endpoint } from "../../../cli/local/endpoint.ts";
import { localEngine } from "../../../cli/local/engine.ts";
import { localPlace, type LocalPlace } from "../../../cli/local/place.ts";
import { LOCAL_STACK } from "../../../cli/local/project.ts";
import { outputsOfModel } from "../../../contract/names/model-outputs.ts";
import { parseOutputs, type StackOutputs } from "../../../contract/names/outputs.ts";
import type { Slot } from "../../../contract/slot.ts";
import { startVerb, type Ran, type RunningVerb } from "./verb.ts";
import { configOf } from "./world.ts";

// What a program and its verbs run from; the rest of a checkout is tests and documents.
const PARTS = ["agent", "cli", "contract", "examples", "infra", "packages", "validation", "watchdog"];
const FILES = ["package.json", "tsconfig.json", "Pulumi.yaml", "images.local.json"];

/** Project of the checkout, which neither of its models is called as. */
export const SHOP = "shop";
export const MODELS = ["churn", "fraud"] as const;
export type ShopModel = (typeof MODELS)[number];

/** Another team's checkout, whose program has two models in one stack, on a local cloud of its own. */
export interface Shop {
  readonly place: LocalPlace;
  /** Of its local cloud. */
  readonly endpoint: Endpoint;
  /** Whether an update holds the stack. */
  isHeld(): Promise<boolean>;
  start(...args: string[]): RunningVerb;
  run(...args: string[]): Promise<Ran>;
  /** To its end, which has to be good. */
  done(...args: string[]): Promise<string>;
  /** What a verb says with `--json`, and its exit code. */
  says(...args: string[]): Promise<Readonly<Record<string, unknown>>>;
  outputs(model: ShopModel): Promise<StackOutputs>;
  /** Newest first. */
  history(): Promise<readonly ShopUpdate[]>;
  /** The program anew; `churn`: arguments of that model, as they stand in it; `exports`: models whose outputs it exports. */
  program(churn?: string, exports?: readonly ShopModel[]): Promise<void>;
  close(): Promise<void>;
}

export interface ShopUpdate {
  readonly message: string;
  readonly result: string;
  readonly resourceChanges: Readonly<Record<string, number>>;
}

export const programWith = (churn: string, exports: readonly ShopModel[]) => `
import { BlueGreenService } from "./component/blue-green-service.ts";

const fraud = new BlueGreenService("fraud");
const churn = new BlueGreenService("churn", ${churn});

export default { ${exports.map((model) => `${model}: ${model}.outputs`).join(", ")} };
`;

/** The stack is up, each model on blue, and on `others`. @param speed virtual seconds a real one. */
export async function openShop(speed: number, others: readonly Slot[] = []): Promise<Shop> {
  const root = await checkoutOf(localPlace().root);
  const place = { root, directory: join(root, ".local") };
  const given = configOf({ speed });
  const digits = { image: "digits:1", modelVersion: "1", minTasks: 1 };
  const slots: readonly Slot[] = ["blue", ...others];
  const keys = { service: given["service"], rollout: given["rollout"] };
  const config = {
    ...Object.fromEntries(Object.entries(keys).map(([key, value]) => [`${SHOP}:${key}`, value])),
    ...Object.fromEntries(MODELS.flatMap((model) => slots.map((slot) => [`${model}:${slot}`, digits]))),
    ...Object.fromEntries(MODELS.map((model) => [`${model}:thresholds`, given["thresholds"]])),
  };
  await mkdir(place.directory);
  await writeFile(join(place.directory, "Pulumi.local.yaml"), JSON.stringify({ config }));
  const cloud = await startCloudProcess(place, speed);
  const { endpoint } = cloud;
  const engine = await localEngine(place, endpoint);
  const verbs: RunningVerb[] = [];
  const start = (...args: string[]) => {
    const verb = startVerb(place, args);
    verbs.push(verb);
    return verb;
  };
  const run = (...args: string[]) => start(...args).ended;
  const done = async (...args: string[]) => {
    const ran = await run(...args);
    if (ran.exitCode === 0) return ran.stdout;
    throw new Error(`${args.join(" ")}: exit code ${ran.exitCode}\n${ran.stdout}${ran.stderr}`);
  };
  const program = (churn = "{}", exports: readonly ShopModel[] = MODELS) =>
    writeFile(join(root, "infra", "index.ts"), programWith(churn, exports));
  const shop: Shop = {
    place,
    endpoint,
    isHeld: async () => (await engine.lockHolder(LOCAL_STACK)) !== undefined,
    start,
    run,
    done,
    program,
    async says(...args) {
      const ran = await run(...args, "--json");
      const said: unknown = JSON.parse(ran.stdout);
      return { ...(said as Readonly<Record<string, unknown>>), exitCode: ran.exitCode, stderr: ran.stderr };
    },
    async outputs(model) {
      const said = JSON.parse(await done("pulumi", "stack", "output", "--json", "--show-secrets"));
      const own = parseOutputs(outputsOfModel(said, model, SHOP));
      if (own === undefined) throw new Error(`no outputs of ${model}: ${JSON.stringify(said)}`);
      return own;
    },
    history: async () => JSON.parse(await done("pulumi", "stack", "history", "--json")),
    async close() {
      await cloud.stop();
      const left = verbs.filter(({ isAlive }) => isAlive()).map(({ pid }) => `verb ${pid}`);
      for (const verb of verbs) verb.sweep();
      await rm(root, { recursive: true, force: true });
      if (left.length > 0) throw new Error(`processes were left behind: ${left.join(", ")}`);
    },
  };
  try {
    await program();
    await done("pulumi", "up", "--yes", "--skip-preview");
  } catch (error) {
    await shop.close();
    throw error;
  }
  return shop;
}

/** A copy of the checkout that is called as no model of it is. */
export async function checkoutOf(root: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), "bluegreen-shop-"));
  for (const part of [...PARTS, ...FILES]) await cp(join(root, part), join(copy, part), { recursive: true });
  await symlink(join(root, "node_modules"), join(copy, "node_modules"));
  const path = join(copy, "Pulumi.yaml");
  // What Pulumi declares of a project's own configuration has its defaults, and none of the models is called so.
  const { config: _declared, ...project }: Readonly<Record<string, unknown>> = parse(
    await readFile(path, "utf8"),
  );
  await writeFile(path, stringify({ ...project, name: SHOP }));
  return copy;
}
