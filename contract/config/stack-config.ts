import { overrideFields, slotFields, type SlotConfig } from "./keys.ts";
import { integer, isRecord, type Field, type Fields, type ValuesOf } from "./field.ts";
import { strayedKeys, unknownKeys } from "../checks/key-problems.ts";
import { copyFields } from "./model-service.ts";
import type { Raw } from "./own-keys.ts";
import type { Problem } from "../checks/problem.ts";
import { configProblems } from "../checks/problems.ts";
import { releaseFields, releaseOf, type Release } from "../release/release.ts";
import {
  iamFields,
  networkFields,
  rolloutFields,
  serviceFields,
  thresholdFields,
  type IamConfig,
  type NetworkConfig,
  type RolloutPolicy,
  type ServiceConfig,
  type Thresholds,
} from "./sections.ts";
import { isSlot, otherSlot, perSlot, type PerSlot, type Slot } from "../slot.ts";
import { splitOf, type Split } from "../route/split.ts";
import { suiteFields, type SuitePolicy } from "./suite.ts";

/** A stack's configuration, read and checked. */
export interface StackConfig {
  readonly activeSlot: Slot;
  readonly weights: PerSlot<number>;
  /** The split that it asks for. */
  readonly split: Split;
  readonly slots: PerSlot<SlotConfig>;
  readonly release: Release | undefined;
  readonly generation: number;
  readonly service: ServiceConfig;
  readonly network: NetworkConfig;
  readonly iam: IamConfig;
  readonly thresholds: Thresholds;
  readonly rollout: RolloutPolicy;
  readonly suite: SuitePolicy;
  /** None: no test rules. Two: the token is being rotated. */
  readonly testTokens: readonly string[];
  /** Webhook that is told what happens to releases; undefined: none. */
  readonly notifyUrl: string | undefined;
  /** Address of the local cloud, when the stack stands there. */
  readonly localCloud: string | undefined;
}

export type Parsed =
  | { readonly ok: true; readonly config: StackConfig }
  | {
      readonly ok: false;
      readonly problems: readonly Problem[];
      /** What could be read, with the defaults in place of what was refused: to look for more problems, not to use. */
      readonly readable: StackConfig;
    };

/** A slot runs something when it has an image; without one it is empty and may have no share. */
export function isEmpty(slot: SlotConfig): boolean {
  return slot.image === undefined;
}

/**
 * Reads a stack's configuration from Pulumi's own form: values as text, objects as JSON text, the project's own keys
 * bare (contract/config/own-keys.ts). Keys of other namespaces are not ours and pass. All problems come at once.
 */
export function parseConfig(raw: Raw): Parsed {
  const reader = createReader(raw);
  const activeSlot = reader.slot("activeSlot");
  const config: StackConfig = {
    activeSlot,
    weights: { blue: reader.percent("blueWeight"), green: reader.percent("greenWeight") },
    split: splitOf(activeSlot, reader.percent(activeSlot === "blue" ? "greenWeight" : "blueWeight")),
    slots: perSlot((slot) => {
      const { overrides, service, ...own } = reader.object(slot);
      return {
        ...reader.fields(slot, own, slotFields),
        overrides: reader.fields(`${slot}.overrides`, overrides ?? {}, overrideFields),
        service: reader.fields(`${slot}.service`, service ?? {}, copyFields),
      };
    }),
    release: releaseOf(reader.fields("release", reader.object("release"), releaseFields)),
    generation: reader.whole("generation", Number.MAX_SAFE_INTEGER),
    service: reader.fields("service", reader.object("service"), serviceFields),
    network: reader.fields("network", reader.object("network"), networkFields),
    iam: reader.fields("iam", reader.object("iam"), iamFields),
    thresholds: reader.fields("thresholds", reader.object("thresholds"), thresholdFields),
    rollout: reader.fields("rollout", reader.object("rollout"), rolloutFields),
    suite: reader.fields("suite", reader.object("suite"), suiteFields),
    testTokens: reader.text("testToken")?.split(",") ?? [],
    notifyUrl: reader.text("notifyUrl"),
    localCloud: reader.text("localCloud"),
  };
  const found = [...strayedKeys(raw), ...reader.problems, ...unknownKeys(raw)];
  const problems = found.length > 0 ? found : configProblems(config);
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems, readable: config };
}

function createReader(raw: Raw) {
  const found: Problem[] = [];
  const reported = new Set<string>();
  const values = new Map(Object.entries(raw));
  const report = (problem: Problem) => {
    if (reported.has(problem.key)) return;
    reported.add(problem.key);
    found.push(problem);
  };
  const refuse = (key: string, got: unknown, allowed: string, fix = setCommand(key)) =>
    report({ key, got: JSON.stringify(got) ?? "nothing", allowed, fix });
  // Its value is not repeated: it may be a secret under a wrong name.
  const refuseName = (key: string, known: readonly string[], fix: string) =>
    report({ key, got: "unknown", allowed: `one of ${known.join(", ")}`, fix });
  const refuseMoved = (key: string, value: unknown, { moved = {} }: Field<unknown>): boolean => {
    const given = isRecord(value) ? Object.entries(moved).filter(([name]) => name in value) : [];
    for (const [name, now] of given) {
      const member = isRecord(value) ? value[name] : undefined;
      const rm = `pulumi config rm --path ${key}.${name}`;
      const fix = `${rm} && pulumi config set --path ${now} ${String(member)}`;
      refuse(`${key}.${name}`, member, `nothing here, it is ${now} now`, fix);
    }
    return given.length > 0;
  };
  const take = <T>(key: string, value: unknown, field: Field<T>): T => {
    if (value === undefined || value === null) return field.default;
    if (refuseMoved(key, value, field)) return field.default;
    const read = field.read(value);
    if (read !== undefined) return read.value;
    // What an environment or a secret holds is nobody's to read in a message.
    const isClosed = isRecord(value) && /\.(environment|secrets)$/.test(key);
    refuse(key, isClosed ? Object.keys(value) : value, field.allowed);
    return field.default;
  };
  const whole = (key: string, max: number) => take(key, values.get(key), integer({ min: 0, max }, 0, ""));
  return {
    problems: found,
    whole,
    percent: (key: string) => whole(key, 100),
    text: (key: string) => values.get(key),
    slot(key: string): Slot {
      const value = values.get(key) ?? "blue";
      if (isSlot(value)) return value;
      refuse(key, value, "blue or green");
      return "blue";
    },
    object(key: string): Readonly<Record<string, unknown>> {
      const value = values.get(key);
      if (value === undefined) return {};
      const parsed = parseJson(value);
      if (isRecord(parsed)) return parsed;
      refuse(key, value, "an object", `pulumi config rm ${key}`);
      return {};
    },
    fields<F extends Fields>(prefix: string, given: unknown, fields: F): ValuesOf<F> {
      const record = isRecord(given) ? given : {};
      if (!isRecord(given)) refuse(prefix, given, "an object", `pulumi config rm --path ${prefix}`);
      for (const name of Object.keys(record)) {
        if (Object.hasOwn(fields, name)) continue;
        const key = `${prefix}.${name}`;
        refuseName(key, Object.keys(fields), `pulumi config rm --path ${key}`);
      }
      const read = Object.entries(fields).map(([name, field]) => [
        name,
        take(`${prefix}.${name}`, record[name], field),
      ]);
      // Each entry was read by the field of its own name, so the record has that field's type.
      return Object.fromEntries(read) as ValuesOf<F>;
    },
  };
}

function setCommand(key: string): string {
  return key.includes(".") ? `pulumi config set --path ${key} <value>` : `pulumi config set ${key} <value>`;
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    // Text that is not JSON is reported by the caller as what it is: not an object.
    return undefined;
  }
}

/** The slot that may be shifted a share, and how much it is shifted. */
export function shiftedShare(config: StackConfig): { readonly slot: Slot; readonly percent: number } {
  const slot = otherSlot(config.activeSlot);
  return { slot, percent: config.split[slot] };
}
