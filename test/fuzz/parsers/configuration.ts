import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CONFIG_KEYS } from "../../../contract/config/keys.ts";
import { parseConfig } from "../../../contract/config/parse.ts";
import { cohortStepOf, percents, readStep } from "../../../contract/config/steps.ts";
import { isRecord } from "../../../contract/config/field.ts";
import { readSchedule } from "../../../contract/release/schedule.ts";
import {
  parseStackFile,
  setIn,
  standInsOf,
  valueIn,
  valuesOf,
} from "../../../validation/adapters/pulumi/stack-file.ts";
import { textOf as writtenText } from "../../../validation/adapters/pulumi/write-stack-file.ts";
import { demand, unlessRefused, type FuzzedParser } from "../parser.ts";
import { isSame, isUserError, jsonOf, textOf } from "../support.ts";

const STACK_FILE = readFileSync(join(import.meta.dirname, "../../../Pulumi.dev.yaml"), "utf8");
const PROJECT = "ml-blue-green";
const RAW = valuesOf(parseStackFile(STACK_FILE, "seed", PROJECT));
const NAMES = Object.keys(CONFIG_KEYS);

/** Sections as JSON, and everything else as text: what Pulumi hands over. */
const rawOf = (value: unknown): Record<string, string> | undefined =>
  isRecord(value)
    ? Object.fromEntries(
        Object.entries(value).map(([key, one]) => [
          key,
          typeof one === "string" ? one : (JSON.stringify(one) ?? "null"),
        ]),
      )
    : undefined;

const opened = Object.fromEntries(Object.entries(RAW).map(([key, text]) => [key, jsonOf(text) ?? text]));
const RELEASE = {
  activeSlot: "blue",
  blueWeight: "90",
  greenWeight: "10",
  generation: "7",
  green: { image: `models/fraud@sha256:${"a".repeat(64)}`, modelVersion: "2", minTasks: 1 },
  rollout: {
    steps: [1, { percent: 10, bakeMinutes: 5, approval: true }, 50, 100],
    approvals: [50],
    deadlineMinutes: "auto",
  },
  thresholds: { maxErrorRate: "0.05" },
  signal1: { name: "wrong", from: "labels", kind: "share" },
};

const isShare = (value: unknown) =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 100;

const config: FuzzedParser = {
  name: "config",
  seeds: [JSON.stringify(RAW), JSON.stringify(opened), JSON.stringify({ ...opened, ...RELEASE })],
  edits: "json",
  words: [...NAMES, "percent", "bakeMinutes", "approval", "image", "auto", '"0.5"', "[1,100]"],
  take(input) {
    const raw = rawOf(jsonOf(textOf(input)));
    if (raw === undefined) return "refused";
    const read = parseConfig(raw);
    if (!read.ok) {
      demand(read.problems.length > 0, "it is refused without a problem");
      demand(
        read.problems.every(({ key, allowed, fix }) => key !== "" && allowed !== "" && fix !== ""),
        "a problem says nothing",
      );
      return "refused";
    }
    const { split, weights, rollout, activeSlot } = read.config;
    demand(isShare(weights.blue) && isShare(weights.green), "weights are no shares");
    demand(split.blue + split.green === 100, `the split is ${split.blue} and ${split.green}`);
    demand(activeSlot === "blue" || activeSlot === "green", "no slot is active");
    const shares = percents(rollout.steps);
    demand(shares.length > 0 && shares.every((share) => isShare(share) && share > 0), "steps are no shares");
    demand(
      shares.every((share, at) => share > (shares[at - 1] ?? 0)),
      "steps do not rise",
    );
    // A key of the user's own passes; one of ours, spelled otherwise, would be ignored.
    const spelled = Object.keys(raw).find(
      (key) => !NAMES.includes(key) && NAMES.some((name) => name.toLowerCase() === key.toLowerCase()),
    );
    demand(spelled === undefined, `it took the key ${spelled}`);
    demand(isSame(parseConfig(raw), read), "the same text was read twice, differently");
    return "accepted";
  },
};

const step: FuzzedParser = {
  name: "step",
  seeds: [
    "10",
    '"25"',
    '{"percent":50,"bakeMinutes":10,"approval":true,"provenRatio":2}',
    '{"cohort":"internal","bakeMinutes":60}',
  ],
  edits: "json",
  words: ["percent", "cohort", "bakeMinutes", "approval", "provenRatio", "100", "true", "1e2"],
  take(input) {
    const raw = jsonOf(textOf(input));
    const read = readStep(raw);
    if (read === undefined) return "refused";
    const [share] = percents([read]);
    const isCohort = cohortStepOf({ steps: [read], bakeMinutes: 0 }) !== undefined;
    demand(isCohort || (share !== undefined && isShare(share) && share >= 1), "no share");
    if (isRecord(raw) && isRecord(read))
      demand(isSame(Object.keys(raw).toSorted(), Object.keys(read).toSorted()), "a setting came or went");
    return "accepted";
  },
};

const schedule: FuzzedParser = {
  name: "schedule",
  seeds: [
    '{"provenRatios":[2,3],"provenRate":0.01,"minutes":[10,60],"odds":[{"fault":"twice as often","promoted":0.02}]}',
    '{"provenRatios":[],"minutes":[],"odds":[]}',
  ],
  edits: "json",
  words: ["provenRatios", "minutes", "odds", "fault", "promoted", "1e999"],
  take(input) {
    const read = readSchedule(jsonOf(textOf(input)));
    if (read === undefined) return "refused";
    const numbers = [...read.provenRatios, ...read.minutes];
    demand(
      numbers.every((one) => Number.isFinite(one) && one >= 0),
      "a ratio or a minute is no number from 0",
    );
    const parts = [read.provenRate ?? 0, ...read.odds.map(({ promoted }) => promoted)];
    demand(
      parts.every((one) => one >= 0 && one <= 1),
      "a part is not from 0 to 1",
    );
    return "accepted";
  },
};

const stackFile: FuzzedParser = {
  name: "stack-file",
  seeds: [
    STACK_FILE,
    `encryptionsalt: v1:abc=\nconfig:\n  ${PROJECT}:testToken:\n    secure: v1:xyz\n  ${PROJECT}:blueWeight: "100"\n  aws:region: eu-west-1\n`,
    `config:\n  a: &x {b: 1}\n  c: *x\n`,
  ],
  edits: "text",
  words: [
    "config:\n",
    "  ",
    "- ",
    "&a ",
    "*a",
    "!!binary ",
    "|\n",
    "{",
    "}",
    "[",
    "]",
    ": ",
    "secure",
    "? ",
    "<<: *a",
    "---\n",
    "%YAML 1.1\n",
  ],
  take(input) {
    return unlessRefused(isUserError, () => {
      const text = textOf(input);
      const file = parseStackFile(text, "Pulumi.dev.yaml", PROJECT);
      const values = valuesOf(file);
      standInsOf(file);
      setIn(file, "blueWeight", "40");
      const again = parseStackFile(writtenText(file, "Pulumi.dev.yaml"), "again", PROJECT);
      demand(String(valueIn(again, "blueWeight")) === "40", "what was written is not what is read");
      const others = Object.entries(values).filter(([key]) => key !== "blueWeight");
      const now = valuesOf(again);
      demand(
        others.every(([key, value]) => now[key] === value),
        "another key was changed by a write",
      );
    });
  },
};

export const CONFIGURATION: readonly FuzzedParser[] = [config, step, schedule, stackFile];
