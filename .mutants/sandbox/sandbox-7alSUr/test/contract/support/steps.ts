import { parseConfig } from "../../../contract/config/parse.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { RELEASE_KEYS } from "../../../contract/config/keys.ts";
import { showProblem, type Problem } from "../../../contract/checks/problem.ts";
import { isRecord } from "../../../contract/config/field.ts";
import { updateProblems } from "../../../contract/transition/transition.ts";
import { previousOf } from "../../../contract/transition/previous.ts";
import { frozenSlots } from "../../../validation/core/changes/freezing.ts";
import { rawConfig, type WrittenConfig } from "../../support/written-config.ts";

const digest = (letter: string) => `registry.example/digits@sha256:${letter.repeat(64)}`;
export const [IMAGE_A, IMAGE_B, IMAGE_C] = [digest("a"), digest("b"), digest("c")] as const;

/** Slots as a stack file has them. */
export const blue = { image: IMAGE_A, modelVersion: "1", minTasks: 2, maxTasks: 4 };
export const green = { image: IMAGE_B, modelVersion: "2", minTasks: 2, maxTasks: 4 };

export const both = { blue, green };
/** Blue is active and shifts green this share. */
export const shifted = (percent: number) => ({ ...both, greenWeight: percent });
export const onGreen = { ...both, activeSlot: "green" };
/** A release on green that runs. */
export const release = { id: "r-2", slot: "green", digest: IMAGE_B, state: "running", weight: 10 };
/** The first model of a stack, until it is seen healthy. */
export const firstRelease = { id: "r-1", slot: "blue", digest: IMAGE_A, state: "deployed" };
/** The size of every task. */
export const size = (cpu: number, memory: number) => ({ service: { cpu, memory } });

export function configOf(written: WrittenConfig): StackConfig {
  const parsed = parseConfig(rawConfig(written));
  if (!parsed.ok) throw new Error(parsed.problems.map(showProblem).join("\n"));
  return parsed.config;
}

/** What an update is refused for that finds `before` deployed; undefined: nothing was deployed yet. */
export function problemsOf(before: WrittenConfig | undefined, after: WrittenConfig): readonly Problem[] {
  return updateProblems(before && previousOf(configOf(before)), parseConfig(rawConfig(after)));
}

/**
 * The configuration after the commands of all fixes, up to the first `pulumi up` of each: what the next update
 * finds. `deploy` works on the deployed configuration and leaves the file alone.
 */
export function fixed(
  before: WrittenConfig | undefined,
  after: WrittenConfig,
  problems: readonly Problem[],
): WrittenConfig {
  const commands = problems.map(({ fix }) => fix).flatMap((fix) => fix.split(" && "));
  return commands.reduce<WrittenConfig>((config, command) => carryOut(command, config, before ?? {}), after);
}

function carryOut(command: string, config: WrittenConfig, deployed: WrittenConfig): WrittenConfig {
  const words = command.split(" ");
  const [tool, verb, subcommand, ...args] = words;
  if (command === "pulumi up" || (tool === "npx" && subcommand === "deploy")) return config;
  if (command === "npx bluegreen sync") return synced(config, deployed);
  if (command === "npx bluegreen freeze") return frozen(config, deployed);
  if (tool !== "pulumi" || verb !== "config") throw new Error(`no command that fixes: ${command}`);
  if (subcommand === "set-all") {
    const pairs = args.filter((word) => word !== "--plaintext").map((word) => word.split("="));
    return { ...config, ...Object.fromEntries(pairs) };
  }
  const [key = "", value] = args.filter((word) => word !== "--path").map((word) => word.replaceAll("'", ""));
  const [section = "", member, leaf] = key.split(".");
  const fields = isRecord(config[section]) ? config[section] : {};
  if (subcommand === "set" && member !== undefined && leaf !== undefined) {
    const inner = isRecord(fields[member]) ? fields[member] : {};
    return { ...config, [section]: { ...fields, [member]: { ...inner, [leaf]: value } } };
  }
  if (subcommand === "rm" && member !== undefined) {
    const { [member]: _, ...kept } = fields;
    return { ...config, [section]: kept };
  }
  if (subcommand !== "set" || value === undefined) throw new Error(`no command that fixes: ${command}`);
  if (member === undefined) return { ...config, [section]: value };
  const [name = "", index] = member.split(/[[\]]/);
  const list = Array.isArray(fields[name]) ? fields[name] : [];
  const set = index === undefined ? value : list.toSpliced(Number(index), 1, value);
  return { ...config, [section]: { ...fields, [name]: set } };
}

/** Release keys as the verb writes them, in a file whose other keys a person has edited. */
function frozen(config: WrittenConfig, deployed: WrittenConfig): WrittenConfig {
  const from = { config: configOf(deployed), raw: rawConfig(deployed) };
  return { ...config, ...frozenSlots(from) };
}

function synced(config: WrittenConfig, deployed: WrittenConfig): WrittenConfig {
  const own = Object.entries(config).filter(([key]) => !(RELEASE_KEYS as readonly string[]).includes(key));
  const release = RELEASE_KEYS.flatMap((key) => (key in deployed ? [[key, deployed[key]]] : []));
  return Object.fromEntries([...own, ...release]);
}
