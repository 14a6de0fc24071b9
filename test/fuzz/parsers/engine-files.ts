import { join } from "node:path";
import { readImages } from "../../../packages/local-cloud/tasks/images.ts";
import { readConfig } from "../../../packages/pulumi-engine/config/config-file.ts";
import { loadProject, type Project } from "../../../packages/pulumi-engine/config/project.ts";
import { parsePath } from "../../../packages/pulumi-engine/values/property-path.ts";
import { readEntry, readUpdate } from "../../../validation/adapters/pulumi/history.ts";
import { FOLDER, isEngineError, put } from "./folder.ts";
import { demand, unlessRefused, type FuzzedParser } from "../parser.ts";
import { isSame, jsonOf, textOf } from "../support.ts";

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

export const ENGINE_FILES: readonly FuzzedParser[] = [engineConfig, projectFile, catalog, history, path];
