/**
 * A Pulumi plugin for the local cloud, started by the Pulumi CLI through a launcher:
 * `main.ts aws|awsx <file that says where the local cloud answers> [<command that starts a cloud>]`. Its first line on
 * standard output is its port.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { isRecord } from "../../is-record.ts";
import { ENDPOINT_FILE, readLocalAddress } from "../../access/address.ts";
import type { CheckFailure, Properties } from "../../../pulumi-engine/values/provider.ts";
import { hasCode, messageOf } from "../../../pulumi-engine/errors.ts";
import { withHint } from "../../hints.ts";
import { awsxComponents } from "../awsx.ts";
import { readDefaultTags, takingDefaultTags } from "../default-tags.ts";
import { httpProvider } from "../http.ts";
import { componentMethods } from "./components.ts";
import { qualified, resourceMethods } from "./resources.ts";
import { servePlugin, type Plugin } from "./server.ts";

const PARENT_POLL_MS = 1_000;

const [kind = "", endpointPath = "", start] = process.argv.slice(2);
const NO_CLOUD = withHint("no local cloud runs here", "; start it: ", start);
const plugin = PLUGINS()[kind];
if (plugin === undefined) throw new Error(`there is no plugin ${kind}`);
stopWithParent();
process.stdout.write(`${await servePlugin(plugin)}\n`);

function PLUGINS(): Readonly<Record<string, Plugin>> {
  const endpoint = readEndpoint(endpointPath);
  const aws = sdkVersion("@pulumi/aws");
  return {
    aws: {
      version: aws,
      // The engine wraps again in what an answer has in the same place.
      acceptsSecrets: false,
      checkConfig: async (config) => problemsOf(config, endpoint?.region),
      methods: resourceMethods(
        takingDefaultTags(httpProvider(endpoint, start === undefined ? {} : { start })),
      ),
    },
    awsx: {
      version: sdkVersion("@pulumi/awsx"),
      acceptsSecrets: true,
      checkConfig: async () => [],
      methods: componentMethods(awsxComponents, aws),
    },
  };
}

function problemsOf(config: Properties, ofCloud: string | undefined): readonly CheckFailure[] {
  const { region } = config;
  try {
    readDefaultTags(qualified(config));
  } catch (error) {
    return [{ property: "defaultTags", reason: messageOf(error) }];
  }
  if (ofCloud === undefined) return [{ property: "region", reason: NO_CLOUD }];
  if (region === undefined || region === ofCloud) return [];
  return [{ property: "region", reason: `the local cloud has ${ofCloud} only, got ${String(region)}` }];
}

/** Undefined: none runs; its file goes with it. */
function readEndpoint(
  path: string,
): { readonly url: string; readonly region: string; readonly token: string } | undefined {
  try {
    const own: unknown = JSON.parse(readFileSync(path, "utf8"));
    const joined = readLocalAddress(own);
    const found: unknown =
      joined !== undefined && "joined" in joined
        ? JSON.parse(readFileSync(join(joined.joined, ENDPOINT_FILE), "utf8"))
        : own;
    const address = readLocalAddress(found);
    if (!isRecord(found) || address === undefined || "joined" in address)
      throw new Error(`${path} names no local cloud and its keys`);
    return { url: address.url, region: String(found["region"]), token: address.token };
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function sdkVersion(name: string): string {
  const found: { readonly version: string } = createRequire(import.meta.url)(`${name}/package.json`);
  return found.version;
}

/** An engine that was killed stops none of its plugins: an orphan, whose parent is another process, ends itself. */
function stopWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, PARENT_POLL_MS);
}
