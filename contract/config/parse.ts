import { integer, isRecord, type Field, type Fields, type ValuesOf } from "./field.ts";
import { overrideFields, slotFields } from "./keys.ts";
import { copyFields } from "./model-fields.ts";
import type { Raw } from "./own-keys.ts";
import { iamFields, networkFields, rolloutFields, serviceFields, thresholdFields } from "./sections.ts";
import type { StackConfig } from "./stack-config.ts";
import { suiteFields } from "./suite.ts";
import { strayedKeys, unknownKeys } from "../checks/key-problems.ts";
import type { Problem } from "../checks/problem.ts";
import { configProblems } from "../checks/problems.ts";
import { releaseFields, releaseOf } from "../release/release.ts";
import { splitOf } from "../route/split.ts";
import { isSlot, perSlot, type Slot } from "../slot.ts";

export type Parsed =
  | { readonly ok: true; readonly config: StackConfig }
  | {
      readonly ok: false;
      readonly problems: readonly Problem[];
      /** What could be read, with the defaults in place of what was refused: to look for more problems, not to use. */
      readonly readable: StackConfig;
    };

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
  const refuse = (key: string, got: unknown, allowed: string, mend = setCommand(key)) =>
    report({ key, got: JSON.stringify(got) ?? "nothing", allowed, mend });
  // Its value is not repeated: it may be a secret under a wrong name.
  const refuseName = (key: string, known: readonly string[], mend: string) =>
    report({ key, got: "unknown", allowed: `one of ${known.join(", ")}`, mend });
  const refuseMoved = (key: string, value: unknown, { moved = {} }: Field<unknown>): boolean => {
    const given = isRecord(value) ? Object.entries(moved).filter(([name]) => name in value) : [];
    for (const [name, now] of given) {
      const member = isRecord(value) ? value[name] : undefined;
      const rm = `pulumi config rm --path ${key}.${name}`;
      const mend = `${rm} && pulumi config set --path ${now} ${String(member)}`;
      refuse(`${key}.${name}`, member, `nothing here, it is ${now} now`, mend);
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
