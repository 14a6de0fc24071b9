import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLocalAddress } from "../../../packages/local-cloud/access/address.ts";
import { openClock } from "../../../packages/local-cloud/state/saved-clock.ts";
import { readImages } from "../../../packages/local-cloud/tasks/images.ts";
import { readConfig } from "../../../packages/pulumi-engine/config/config-file.ts";
import { loadProject, type Project } from "../../../packages/pulumi-engine/config/project.ts";
import { UserError as EngineError } from "../../../packages/pulumi-engine/errors.ts";
import { parseChecked, withChecksum } from "../../../packages/pulumi-engine/state/checksum.ts";
import { openLocks } from "../../../packages/pulumi-engine/state/lock.ts";
import { openSecrets } from "../../../packages/pulumi-engine/state/secrets.ts";
import { openStacks } from "../../../packages/pulumi-engine/state/state.ts";
import { parsePath } from "../../../packages/pulumi-engine/values/property-path.ts";
import { parseRecord } from "../../../validation/adapters/processes/record.ts";
import { readEntry, readUpdate } from "../../../validation/adapters/pulumi/history.ts";
import { fileMemo } from "../../../validation/adapters/route-memo.ts";
import { demand, unlessRefused, type FuzzedParser } from "../parser.ts";
import { isSame, jsonOf, takenIf, textOf } from "../support.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "bluegreen-fuzz-"));
process.once("exit", () => rmSync(FOLDER, { recursive: true, force: true }));
const isEngineError = (error: unknown) => error instanceof EngineError;
mkdirSync(join(FOLDER, "locks"));
const put = (name: string, input: Buffer) => writeFileSync(join(FOLDER, name), input);

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

const PROJECT: Project = {
  name: "p",
  directory: FOLDER,
  main: FOLDER,
  typescript: false,
  nodeArguments: [],
  config: [],
};
const YAML = [
  "config:\n",
  "  ",
  "- ",
  "&a ",
  "*a",
  "|\n",
  "{",
  "}",
  ": ",
  "secure",
  "2026-11-30",
  "!!binary ",
];
const engineConfig: FuzzedParser = {
  name: "engine-config",
  seeds: [
    "encryptionsalt: v1:x\nconfig:\n  p:a: 1\n  aws:region: eu-west-1\n  b:\n    secure: v1:a:b\n  at: 2026-11-30T10:00:00Z\n",
  ],
  edits: "text",
  words: YAML,
  take: (input) =>
    unlessRefused(isEngineError, async () => {
      put("Pulumi.dev.yaml", input);
      const read = await readConfig(join(FOLDER, "Pulumi.dev.yaml"), PROJECT);
      demand(
        Object.keys(read).every((key) => key.split(":").length === 2),
        "a key without a namespace",
      );
      demand(
        Object.values(read).every((value) => value !== null && value !== undefined),
        "a key without a value",
      );
    }),
};

const projectFile: FuzzedParser = {
  name: "project-file",
  seeds: [
    "name: p\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: infra\nconfig:\n  a:\n    type: array\n    items: {type: string}\n  b: 3\n",
  ],
  edits: "text",
  words: [...YAML, "type", "items", "default", "integer", "runtime", "nodejs"],
  take: (input) =>
    unlessRefused(isEngineError, async () => {
      put("Pulumi.yaml", input);
      const { name, config } = await loadProject(FOLDER);
      demand(typeof name === "string", "no name");
      demand(
        config.every(({ key }) => key.split(":").length === 2),
        "a key without a namespace",
      );
    }),
};

const catalog: FuzzedParser = {
  name: "image-catalog",
  seeds: [
    '{"images":{"digits:1":{"command":["node","server.js"],"environment":{"A":"b"},"ports":["METRICS"]},"x":{"command":["y"]}}}',
  ],
  edits: "json",
  words: ["images", "command", "environment", "ports", "PORT", "HOST", "A"],
  take: (input) =>
    unlessRefused(
      (error) => error instanceof Error && /is not (a catalog of images|JSON)/.test(error.message),
      () => {
        put("images.json", input);
        const images = readImages(join(FOLDER, "images.json"));
        for (const name of images.known()) {
          const found = images.resolve(name);
          demand(found !== undefined && found.command.length > 0, "an image without a command");
          demand(
            !["PORT", "HOST"].some((own) => Object.hasOwn(found?.environment ?? {}, own)),
            "a task's own port is named",
          );
        }
      },
    ),
};

const ENTRY = {
  version: 3,
  kind: "update",
  startTime: "2026-11-30T10:00:00Z",
  endTime: "2026-11-30T10:01:00Z",
  message: "m",
  environment: { a: "b" },
  config: {
    "p:blueWeight": { value: "100", secret: false },
    "p:service": { value: '{"port":80}', secret: false },
  },
  result: "succeeded",
  resourceChanges: { same: 3 },
};
const history: FuzzedParser = {
  name: "update-history",
  seeds: [JSON.stringify(ENTRY)],
  edits: "json",
  words: ["version", "config", "value", "secret", "result", "endTime", "message"],
  take: (input) =>
    unlessRefused(
      (error) => error instanceof Error && error.message.includes("the update history"),
      () => {
        const whose = { project: "p", model: "p" };
        const raw = jsonOf(textOf(input));
        const { values } = readEntry(raw, whose);
        demand(
          Object.values(values).every(({ text }) => typeof text === "string"),
          "a value is no text",
        );
        readUpdate(raw, whose);
      },
    ),
};

const path: FuzzedParser = {
  name: "property-path",
  seeds: ['a.b[0].c["d.e"][*]', "a", '["x\\"y"].z'],
  edits: "text",
  words: [".", "[", "]", '["', '"]', "[*]", "[0]", "\\"],
  take: (input) =>
    unlessRefused(isEngineError, () => {
      const segments = parsePath(textOf(input));
      const written = segments
        .map((one) => (typeof one === "number" ? `[${one}]` : `["${one.replaceAll(/["\\]/g, "\\$&")}"]`))
        .join("");
      demand(isSame(parsePath(written), segments), `${JSON.stringify(segments)} is not what ${written} is`);
    }),
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
  engineConfig,
  projectFile,
  catalog,
  history,
  path,
];
