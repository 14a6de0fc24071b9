/**
 * Puts a model onto the pods of the slot that has no users, and tells the stack of it:
 *
 *     node examples/kubernetes/roll-out.ts <repository>@sha256:<digest> <model version> [--stack prod] [--print]
 *
 * --print  only says the commands
 *
 * After it: npx bluegreen test, npx bluegreen rollout. It needs kubectl and npx on PATH.
 */
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";

const NAMESPACE = "models";
const SLOTS = ["blue", "green"] as const;
type Slot = (typeof SLOTS)[number];

interface SlotStatus {
  readonly role: string;
  readonly configuredShare: number;
  /** Absent: it could not be read. */
  readonly liveShare?: number;
  readonly minTasks: number;
  /** Absent: it could not be read, or the slot is empty. */
  readonly healthyTasks?: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { stack: { type: "string" }, print: { type: "boolean", default: false } },
});
const [image = "", version] = positionals;
if (!/@sha256:[0-9a-f]{64}$/.test(image) || version === undefined) {
  throw new Error(
    "give <repository>@sha256:<digest> and the model's version: a tag may be another model tomorrow",
  );
}
const stack = values.stack === undefined ? [] : ["--stack", values.stack];

// What `status` prints with --json; --stack says which stack.
const status: { readonly slots: Readonly<Record<Slot, SlotStatus>> } = JSON.parse(
  run("npx", ["bluegreen", "status", "--json", ...stack]),
);
const slot = slotWithoutUsers(status.slots);
const deployment = `deployment/model-${slot}`;
const wanted = podsFor(status.slots, slot);
const replicas = ["get", deployment, "--output", "jsonpath={.spec.replicas}"];
const now = run("kubectl", ["--namespace", NAMESPACE, ...replicas]).trim();
if (!/^\d+$/.test(now)) throw new Error(`${deployment} says no number of pods (got ${JSON.stringify(now)})`);
// A name of its own in the namespace, and its own pods: nothing here touches the slot that has users.
const commands = [
  ["kubectl", "--namespace", NAMESPACE, "set", "image", deployment, `model=${image}`],
  // After the image, so that no pod of the model before starts again; a standby that was retired has none.
  ...(Number(now) < wanted
    ? [["kubectl", "--namespace", NAMESPACE, "scale", deployment, `--replicas=${wanted}`]]
    : []),
  ["kubectl", "--namespace", NAMESPACE, "rollout", "status", deployment, "--timeout=20m"],
  ["npx", "bluegreen", "deploy", image, "--external", "--model-version", version, ...stack],
];
for (const [program = "", ...words] of commands) {
  console.log(`${values.print ? "" : "> "}${[program, ...words].join(" ")}`);
  if (!values.print) execFileSync(program, words, { stdio: "inherit" });
}

/** The slot to which `bluegreen deploy` goes; of a stack without a model the active one, which has everyone. */
function slotWithoutUsers(slots: Readonly<Record<Slot, SlotStatus>>): Slot {
  const isFirst = SLOTS.every((one) => slots[one].role === "empty");
  const found = SLOTS.filter((one) => {
    const { configuredShare, liveShare } = slots[one];
    return isFirst ? configuredShare === 100 : configuredShare === 0 && liveShare === 0;
  });
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const shares = SLOTS.map((one) => `${one} ${slots[one].liveShare ?? "?"} %`).join(", ");
  throw new Error(`no slot is known to have no users (${shares}): npx bluegreen status`);
}

/** For how many healthy targets `deploy --external` waits: as many as serve the users now, and as the stack asks for. */
function podsFor(slots: Readonly<Record<Slot, SlotStatus>>, slot: Slot): number {
  const users = slot === "blue" ? "green" : "blue";
  const { role, minTasks, healthyTasks } = slots[users];
  if (role === "empty") return minTasks;
  if (healthyTasks === undefined)
    throw new Error(`how many pods ${users} has healthy could not be read: npx bluegreen status`);
  return Math.max(minTasks, healthyTasks);
}

function run(program: string, words: readonly string[]): string {
  return execFileSync(program, words, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}
