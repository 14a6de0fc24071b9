import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { serviceOf } from "../../contract/config/model-service.ts";
import { UserError } from "../errors.ts";
import { asked } from "../protocols/speaker.ts";
import { goldenOf } from "../suite/golden.ts";
import { introduce } from "../suite/speakers.ts";
import type { OpenSynthetic } from "../rollout/synthetic-load.ts";
import { requireName } from "../stack/way-in.ts";
import { askThrough } from "./test-route.ts";
import { wayIn } from "./way-in.ts";

const ANSWER_SECONDS = 10;
/** By these the model's own logs and metrics can tell our requests from a user's. */
export const SYNTHETIC_HEADERS = { "x-synthetic": "true", "user-agent": "bluegreen-synthetic" } as const;

/**
 * Requests from the golden set of the project at `root`, one line after the other, round and round, as users of the
 * active slot's model make them. `tell`: what to say of the way to the stack.
 */
export const syntheticRequests =
  (root: string, tell: (words: string) => void): OpenSynthetic =>
  async (config, address) => {
    requireName(address);
    const { examples, suite } = await goldenOf((path) => readFile(resolve(root, path), "utf8"), config);
    const ask = askThrough(wayIn(address, tell), {
      answerSeconds: ANSWER_SECONDS,
      // As a user: of whichever slot the route gives, and wherever it sends one.
      headersFor: () => SYNTHETIC_HEADERS,
    });
    const { activeSlot } = config;
    const service = serviceOf(config, activeSlot);
    const introduced = await introduce(ask, activeSlot, service, suite, examples[0]?.input);
    if ("why" in introduced) throw new UserError("BG186", introduced.why);
    const { speaker } = introduced;
    let next = 0;
    return async () => {
      const example = examples[next % examples.length];
      next += 1;
      const { status } = await ask(activeSlot, asked(speaker, example === undefined ? [] : [example]));
      return status > 0 && status < 500;
    };
  };
