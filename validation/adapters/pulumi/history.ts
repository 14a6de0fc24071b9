import { isRecord } from "../../../contract/config/field.ts";
import { modelsIn, outputsOfModel } from "../../../contract/names/model-outputs.ts";
import { overGiven } from "../../../contract/names/given-sections.ts";
import { parseOutputs } from "../../../contract/names/outputs.ts";
import { ownKey, ownKeys, rawOfModel, withoutNamespaces } from "../../../contract/config/own-keys.ts";
import { showProblems } from "../../../contract/checks/problem.ts";
import { parseConfig } from "../../../contract/config/parse.ts";
import { UserError } from "../../errors.ts";
import { addressesIn } from "../../core/slot-marks.ts";
import type { UpdateRecord } from "../../core/releases.ts";
import type { Deployed } from "../../ports.ts";

/** Which model of which project reads: its name is the namespace of its configuration. */
export interface Namespace {
  readonly project: string;
  readonly model: string;
}

/** One value of the configuration that an update ran with, secrets in clear. */
export interface DeployedValue {
  readonly text: string;
  readonly secret: boolean;
}

/** An update as the history tells it. */
export interface UpdateEntry {
  readonly kind: string;
  readonly succeeded: boolean;
  readonly endedWallMs: number;
  readonly whose: Namespace;
  /** Of the whole stack; the keys of the model are bare. */
  readonly values: Readonly<Record<string, DeployedValue>>;
  /** How many resources it created, updated, replaced or deleted. */
  readonly changedResources: number;
}

// Operations that leave a resource as it was.
const UNCHANGING = ["same", "read", "refresh"];

/** Reads one entry of `pulumi stack history --json --show-secrets`. */
export function readEntry(raw: unknown, whose: Namespace): UpdateEntry {
  if (!isRecord(raw) || !isRecord(raw["config"]))
    throw new Error("an entry of the update history has no config");
  const changes = isRecord(raw["resourceChanges"]) ? raw["resourceChanges"] : {};
  const changed = Object.entries(changes).filter(([operation]) => !UNCHANGING.includes(operation));
  const ended = raw["endTime"];
  return {
    kind: String(raw["kind"]),
    succeeded: raw["result"] === "succeeded",
    whose: { project: whose.project, model: whose.model },
    endedWallMs: ended instanceof Date ? ended.getTime() : Date.parse(String(ended)),
    values: Object.fromEntries(
      Object.entries(raw["config"]).map(([key, value]) => [ownKey(key, whose.model), readValue(key, value)]),
    ),
    changedResources: changed.reduce((sum, [, count]) => sum + Number(count), 0),
  };
}

function readValue(key: string, raw: unknown): DeployedValue {
  if (!isRecord(raw) || typeof raw["value"] !== "string") {
    throw new Error(`the update history does not show the value of ${key}`);
  }
  return { text: raw["value"], secret: raw["secret"] === true };
}

/** What the CLI shows of a secret that the stack's key does not open (pulumi, pkg/cmd/pulumi/stack/stack_history.go). */
const UNREADABLE = "ERROR_UNABLE_TO_DECRYPT";

/** What an entry says of releases. Secrets may be hidden in it, and an older version may have written it. */
export function readUpdate(raw: unknown, { model }: Namespace): UpdateRecord {
  if (!isRecord(raw)) throw new Error("an entry of the update history is no object");
  const config = isRecord(raw["config"]) ? raw["config"] : {};
  const texts = Object.entries(config).flatMap(([key, value]) =>
    isRecord(value) && typeof value["value"] === "string" ? [[key, value["value"]] as const] : [],
  );
  const parsed = parseConfig(ownKeys(Object.fromEntries(texts), model));
  const { release, slots } = parsed.ok ? parsed.config : parsed.readable;
  return {
    // A preview or a refresh changes no release; its entry repeats the one before it.
    succeeded: raw["result"] === "succeeded",
    message: typeof raw["message"] === "string" ? raw["message"] : "",
    release,
    modelVersion: release && slots[release.slot].modelVersion,
    registries: addressesIn(slots),
  };
}

/** What an update was configured with, as text. */
export const rawOf = ({ values, whose }: UpdateEntry): Deployed["raw"] =>
  rawOfModel(Object.fromEntries(Object.entries(values).map(([key, { text }]) => [key, text])), whose);

/** The same, and which of it has a secret. */
export const configuredOf = (entry: UpdateEntry): Pick<Deployed, "raw" | "secretKeys"> => ({
  raw: rawOf(entry),
  secretKeys: Object.entries(entry.values).flatMap(([key, { secret }]) => (secret ? [key] : [])),
});

/** The stack as this update left it. Throws UserError when configuration or outputs are not those of this program. */
export function deployedBy(entry: UpdateEntry, outputs: Readonly<Record<string, unknown>>): Deployed {
  const { raw: whole, secretKeys = [] } = configuredOf(entry);
  const closed = secretKeys.filter((key) => whole[key] === UNREADABLE);
  if (closed.length > 0) throw new UserError("BG315", `It cannot open: ${closed.join(", ")}.`);
  const { project, model } = entry.whose;
  const models = modelsIn(outputs, project);
  if (models.length > 0 && !models.includes(model)) {
    throw new UserError("BG400", `It is ${model}; there are ${models.join(", ")}.`);
  }
  const others = models.filter((name) => name !== model);
  // What stands under the name of the project of its models is refused by the program.
  const foreign = model === project ? others : [...others, project];
  const read = parseOutputs(outputsOfModel(outputs, model, project));
  const raw = overGiven(withoutNamespaces(whole, foreign), read?.given ?? {});
  const parsed = parseConfig(raw);
  if (!parsed.ok) throw new UserError("BG102", showProblems(parsed.problems));
  if (read === undefined) {
    const names = Object.keys(outputs).join(", ") || "none";
    throw new UserError("BG103", `Outputs of the stack: ${names}.`);
  }
  const { config } = parsed;
  return { config, raw, secretKeys, outputs: read, endedWallMs: entry.endedWallMs, others };
}
