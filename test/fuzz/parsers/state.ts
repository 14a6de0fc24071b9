import { join } from "node:path";
import { readLocalAddress } from "../../../packages/local-cloud/access/address.ts";
import { openClock } from "../../../packages/local-cloud/state/saved-clock.ts";
import { parseChecked, withChecksum } from "../../../packages/pulumi-engine/state/checksum.ts";
import { openLocks } from "../../../packages/pulumi-engine/state/lock.ts";
import { openSecrets } from "../../../packages/pulumi-engine/state/secrets.ts";
import { openStacks } from "../../../packages/pulumi-engine/state/state.ts";
import { parseRecord } from "../../../validation/adapters/processes/record.ts";
import { fileMemo } from "../../../validation/adapters/route-memo.ts";
import { FOLDER, isEngineError, put } from "./folder.ts";
import { demand, unlessRefused, type FuzzedParser } from "../parser.ts";
import { isSame, jsonOf, takenIf, textOf } from "../support.ts";

const STATE = {
  project: "p",
  stack: "dev",
  resources: [
    {
      urn: "urn:pulumi:dev::p::t::n",
      type: "t",
      custom: true,
      id: "i",
      inputs: { a: 1 },
      outputs: {},
      dependencies: [],
      propertyDependencies: {},
    },
  ],
  pending: [],
  outputs: { url: "x" },
};
const SEALED = withChecksum(`${JSON.stringify(STATE)}\n`);
const WORDS = ["sha256", '{"sha256":"', "project", "segments", "pid", "resources", "outputs", "0".repeat(64)];

const checked: FuzzedParser = {
  name: "checked-file",
  seeds: [SEALED, JSON.stringify(STATE)],
  edits: "text",
  words: WORDS,
  take: (input) =>
    unlessRefused(
      (error) => error instanceof Error && (/checksum/.test(error.message) || error instanceof SyntaxError),
      () => {
        const text = textOf(input);
        const read = parseChecked(text, "project");
        // A file of a version without checksums is known by its first name alone.
        demand(
          isSame(read, STATE) || /^\{\s*"project":/.test(text),
          "what was changed has its checksum still",
        );
      },
    ),
};

const secrets = await openSecrets(FOLDER);
const stacks = openStacks(FOLDER, secrets);
await stacks.save({ ...STATE, stack: "seed" });

const stackState: FuzzedParser = {
  name: "stack-state",
  seeds: [SEALED],
  edits: "text",
  words: [...WORDS, "4dabf18193072939515e22adb298388d", "ciphertext"],
  take: (input) =>
    unlessRefused(isEngineError, async () => {
      put("stacks/dev.json", input);
      const read = await stacks.load("dev");
      demand(read !== undefined, "it was there");
      demand(
        isSame(read, STATE) || /^\{\s*"project":/.test(textOf(input)),
        "what was changed has its checksum still",
      );
    }),
};

const CIPHERTEXT = secrets.encrypt("a value that is secret");
const ciphertext: FuzzedParser = {
  name: "engine-secret",
  seeds: [CIPHERTEXT],
  edits: "text",
  words: ["v1:", ":", "=", "AAAA"],
  take: (input) =>
    unlessRefused(isEngineError, () => {
      demand(secrets.decrypt(textOf(input)) === "a value that is secret", "it opened as something else");
    }),
};

const CLOCK = {
  segments: [
    {
      virtualMs: 1_780_000_000_000,
      realMs: 1_780_000_000_000,
      speed: 60,
      lastVirtualMs: 1_780_000_060_000,
      stopped: true,
    },
  ],
};
const clock: FuzzedParser = {
  name: "clock-file",
  seeds: [withChecksum(JSON.stringify(CLOCK)), JSON.stringify(CLOCK), JSON.stringify(CLOCK.segments)],
  edits: "json",
  words: [...WORDS, "virtualMs", "speed", "stopped", "1e999", "-1"],
  take: (input) =>
    unlessRefused(isEngineError, async () => {
      put("clock.json", input);
      const { origin } = await openClock(join(FOLDER, "clock.json"), { speed: 1, saveEveryMs: 60_000 });
      const isTime = Number.isFinite(origin.virtualMs) && !Number.isNaN(new Date(origin.virtualMs).getTime());
      demand(isTime, `the cloud's time is ${origin.virtualMs}`);
    }),
};

const LOCK = { pid: 12, host: "h", user: "u", time: "2026-11-30T10:00:00Z", token: "t" };
const locks = openLocks(FOLDER);
const lock: FuzzedParser = {
  name: "lock-file",
  seeds: [withChecksum(JSON.stringify(LOCK)), JSON.stringify(LOCK)],
  edits: "json",
  words: [...WORDS, "host", "user", "time", "run"],
  take: (input) =>
    unlessRefused(isEngineError, async () => {
      put("locks/dev.json", input);
      const holder = await locks.holder("dev");
      demand(holder !== undefined, "it was there");
      const { pid, host, user, time } = holder ?? LOCK;
      demand(
        typeof pid === "number" && [host, user, time].every((one) => typeof one === "string"),
        "it names nobody",
      );
    }),
};

const RUN = {
  id: "r",
  user: "u",
  host: "h",
  since: "2026-11-30T10:00:00Z",
  identity: { bootId: "b", namespaces: "n", pid: 1, startTicks: "2" },
  updates: [{ pid: 3, startedAt: "2026-11-30T10:00:00Z", processes: [] }],
};
const runRecord: FuzzedParser = {
  name: "run-record",
  seeds: [JSON.stringify(RUN)],
  edits: "json",
  words: ["id", "identity", "updates", "endedAt", "processes"],
  take(input) {
    const read = parseRecord(jsonOf(textOf(input)));
    if (read === undefined) return "refused";
    const times = [read.endedAt, ...read.updates.map(({ endedAt }) => endedAt)].filter(
      (one) => one !== undefined,
    );
    demand(
      times.every((time) => Number.isFinite(Date.parse(time))),
      "an end that is no time",
    );
    demand(
      read.updates.every(({ pid }) => typeof pid === "number"),
      "an update without a process",
    );
    return "accepted";
  },
};

const ADDRESS = { url: "http://127.0.0.1:4566", accessKeyId: "a", secretAccessKey: "s", token: "t" };
const address: FuzzedParser = {
  name: "endpoint-file",
  seeds: [JSON.stringify(ADDRESS), '{"joined":"/home/x/.local"}'],
  edits: "json",
  words: ["url", "joined", "token", "accessKeyId", "secretAccessKey"],
  take(input) {
    const read = readLocalAddress(jsonOf(textOf(input)));
    if (read === undefined) return "refused";
    demand(
      "joined" in read ||
        [read.url, read.token, read.accessKeyId, read.secretAccessKey].every(
          (one) => typeof one === "string",
        ),
      "it opens nothing",
    );
    demand("joined" in read || read.token !== "", "an empty token");
    return "accepted";
  },
};

const memo: FuzzedParser = {
  name: "route-memo",
  seeds: ["arn:aws:elasticloadbalancing:us-east-1:000000000000:listener-rule/app/a/b/c/d\n"],
  edits: "text",
  words: ["arn:", "\n", " "],
  async take(input) {
    put("route", input);
    const read = await fileMemo(join(FOLDER, "route")).read();
    demand(
      read === undefined || (read.startsWith("arn:") && read === textOf(input).trim()),
      "another address",
    );
    return takenIf(read !== undefined);
  },
};

export const STATE_FILES: readonly FuzzedParser[] = [
  checked,
  stackState,
  ciphertext,
  clock,
  lock,
  runRecord,
  address,
  memo,
];
