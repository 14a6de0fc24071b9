import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter } from "node:path";
import { expect, it } from "vitest";
import { firstOf } from "../../../validation/adapters/on-path.ts";

/** The version that stories.yml installs, and that the known gaps in these tests are of. */
export const MOTO_VERSION = "5.2.5";

/** moto_server of this machine; undefined: there is none. */
export const MOTO_SERVER =
  process.env["MOTO_SERVER"] ?? (await firstOf((process.env["PATH"] ?? "").split(delimiter), "moto_server"));

/** For a suite's title: why it is skipped. */
export const WITHOUT_MOTO =
  MOTO_SERVER === undefined
    ? ` (skipped: no moto_server on PATH or in MOTO_SERVER; pip install 'moto[server]==${MOTO_VERSION}')`
    : "";

/** Why the two clouds are not compared: what is known of moto is known of one version. */
export const WITHOUT_THIS_MOTO = WITHOUT_MOTO !== "" ? WITHOUT_MOTO : otherVersion(versionOf(MOTO_SERVER));

function otherVersion(found: string | undefined): string {
  if (found === MOTO_VERSION) return "";
  const which = found ?? "of a version that its script does not tell";
  return ` (skipped: this moto is ${which}, and what it gets wrong is known of ${MOTO_VERSION})`;
}

/** By the interpreter that a script of pip names in its first line. */
function versionOf(script: string | undefined): string | undefined {
  if (script === undefined) return undefined;
  const [, interpreter = ""] =
    /^#!(\S*python\S*)\s*$/m.exec(readFileSync(script, "utf8").slice(0, 500)) ?? [];
  if (interpreter === "") return undefined;
  const { stdout, status } = spawnSync(interpreter, ["-c", "import moto; print(moto.__version__)"], {
    encoding: "utf8",
  });
  return status === 0 ? stdout.trim() : undefined;
}

export const REGION = "us-east-1";
/** moto's own. */
export const ACCOUNT = "123456789012";
const START_MS = 30_000;

export interface Moto {
  readonly endpoint: string;
  /** Settings of an SDK client. */
  readonly client: {
    readonly region: string;
    readonly endpoint: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Forgets everything. */
  reset(): Promise<void>;
  stop(): void;
}

/** A moto of one's own, on a port that the system chooses. */
export async function startMoto(): Promise<Moto> {
  if (MOTO_SERVER === undefined) throw new Error("there is no moto_server");
  const child = spawn(MOTO_SERVER, ["-H", "127.0.0.1", "-p", "0"], {
    env: { PATH: process.env["PATH"], PYTHONDONTWRITEBYTECODE: "1" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const endpoint = await new Promise<string>((resolve, reject) => {
    let seen = "";
    const giveUp = setTimeout(() => {
      child.kill();
      reject(new Error(`moto_server did not say where it runs: ${seen}`));
    }, START_MS);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`moto_server ended with ${code}: ${seen}`)));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      seen += text;
      const url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(seen)?.[1];
      if (url === undefined) return;
      clearTimeout(giveUp);
      seen = "";
      resolve(url);
    });
  });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return {
    endpoint,
    client: { region: REGION, endpoint, credentials },
    async reset() {
      const response = await fetch(`${endpoint}/moto-api/reset`, { method: "POST" });
      if (!response.ok) throw new Error(`moto could not be reset: ${response.status}`);
    },
    stop: () => void child.kill(),
  };
}

/** What moto has no word on: skipped in sight, with the reason. */
export const cannotJudge = (what: string, because: string) =>
  it.skipIf(true)(`${what}: moto ${because}`, () => expect.fail(because));
