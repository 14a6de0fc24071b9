import { readCapture } from "../capture/setup.ts";
import type { CaptureSetup } from "../capture/setup.ts";
import { readFront } from "../front/setup.ts";
import type { FrontSetup } from "../front/setup.ts";
import { jsonOf } from "../json.ts";
import type { AgentIdentity } from "../lines/embedded.ts";
import { readScrape } from "../scrape/setup.ts";
import type { ScrapeSetup } from "../scrape/setup.ts";
import { readShadow } from "../shadow/setup.ts";
import type { ShadowSetup } from "../shadow/setup.ts";
import { Fields, WrongSetting } from "./fields.ts";
import type { Environment } from "./fields.ts";

/** All that the agent is told. */
export interface AgentSetup {
  readonly identity: AgentIdentity;
  /** How long counts are collected for one line: a minute, but where a clock runs faster. */
  readonly periodMs: number;
  readonly modelPort: number;
  readonly scrape: ScrapeSetup | undefined;
  readonly front: (FrontSetup & { readonly port: number }) | undefined;
  readonly capture: CaptureSetup | undefined;
  readonly shadow: ShadowSetup | undefined;
}

const KNOWN = ["listen", "model", "everySeconds", "scrape", "front", "capture", "shadow"];

/** Throws a WrongSetting, whose message is one line for the user. */
export function readSetup(environment: Environment): AgentSetup {
  const text = environment["AGENT"];
  if (text === undefined || text === "") {
    throw new WrongSetting("AGENT is not set; it takes one JSON text (agent/README.md)");
  }
  const json = jsonOf(text);
  if (json === undefined) throw new WrongSetting("AGENT is no JSON text");
  const fields = new Fields(json, "AGENT", KNOWN);
  const modelPort =
    fields.inner("model", (value, where) => new Fields(value, where, ["port"]).port("port", environment)) ??
    needed("AGENT.model is missing; it takes {port}: where the model listens");
  const front = fields.inner("front", readFront);
  const setup = {
    identity: identityIn(environment),
    periodMs: fields.number("everySeconds", { least: 0.1, most: 60, otherwise: 60 }) * 1000,
    modelPort,
    scrape: fields.inner("scrape", (value, where) => readScrape(value, where, modelPort, environment)),
    front: front === undefined ? undefined : { ...front, port: fields.port("listen", environment, "PORT") },
    capture: fields.inner("capture", readCapture),
    shadow: fields.inner("shadow", (value, where) => readShadow(value, where, environment)),
  };
  if (setup.front === undefined && setup.scrape === undefined) {
    throw new WrongSetting("AGENT has neither scrape nor front, so there is nothing to do");
  }
  if (setup.front === undefined && (setup.capture !== undefined || setup.shadow !== undefined)) {
    throw new WrongSetting(
      "AGENT has capture or shadow without front; add front: {}, they see what passes there",
    );
  }
  return setup;
}

function identityIn(environment: Environment): AgentIdentity {
  const told = (name: string) =>
    environment[name] || needed(`${name} is not set; the task definition of a slot tells it`);
  return {
    stack: told("STACK"),
    slot: told("SLOT"),
    modelVersion: environment["MODEL_VERSION"] ?? "",
    release: environment["RELEASE"] ?? "",
  };
}

function needed(message: string): never {
  throw new WrongSetting(message);
}
