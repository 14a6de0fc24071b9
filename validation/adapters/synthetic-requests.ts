import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { serviceOf } from "../../contract/config/model-service.ts";
import { isEmpty, type StackConfig } from "../../contract/config/stack-config.ts";
import { otherSlot, type Slot } from "../../contract/slot.ts";
import { UserError } from "../errors.ts";
import { asked } from "../protocols/speaker.ts";
import { goldenOf } from "../suite/golden.ts";
import { introduce } from "../suite/speakers.ts";
import type { OpenSynthetic } from "../rollout/synthetic-load.ts";
import { requireName } from "../stack/way-in.ts";
import { askThrough, testRoute } from "./test-route.ts";
import { modelHeaders, wayIn } from "./way-in.ts";

const ANSWER_SECONDS = 10;
/** By these the model's own logs and metrics can tell our requests from a user's. */
export const SYNTHETIC_HEADERS = { "x-synthetic": "true", "user-agent": "bluegreen-synthetic" } as const;

/**
 * Requests from the golden set of the project at `root`, one line after the other, round and round, as users of the
 * active slot's model make them. Where the other slot is asked in another way, a client's mistake is asked again in that
 * way, as a client has to do that takes either; else that slot would answer mistakes alone. `tell`: what to say of the way to the stack.
 */
export const syntheticRequests =
  (root: string, tell: (words: string) => void): OpenSynthetic =>
  async (config, address) => {
    requireName(address);
    const { examples, suite } = await goldenOf((path) => readFile(resolve(root, path), "utf8"), config);
    const headers = { ...modelHeaders(), ...SYNTHETIC_HEADERS };
    const ask = askThrough(wayIn(address, tell), {
      answerSeconds: ANSWER_SECONDS,
      // As a user: of whichever slot the route gives, and wherever it sends one.
      headersFor: () => headers,
    });
    const { activeSlot } = config;
    const service = serviceOf(config, activeSlot);
    const introduced = await introduce(ask, activeSlot, service, suite, examples[0]?.input);
    if ("why" in introduced) throw new UserError("BG186", introduced.why);
    const { speaker } = introduced;
    const other = otherSlot(activeSlot);
    const [token] = config.testTokens;
    const isOtherWay = token !== undefined && isAskedOtherwise(config, other);
    // Which slot answers users nobody can choose, so who the other one is, is asked through its test rule.
    const beside = isOtherWay
      ? await introduce(
          testRoute(address, token, ANSWER_SECONDS, tell),
          other,
          serviceOf(config, other),
          suite,
          examples[0]?.input,
        )
      : undefined;
    const speakers = beside !== undefined && "speaker" in beside ? [speaker, beside.speaker] : [speaker];
    let next = 0;
    return async () => {
      const example = examples[next % examples.length];
      next += 1;
      for (const one of speakers) {
        const { status } = await ask(activeSlot, asked(one, example === undefined ? [] : [example]));
        if (status === 200) return true;
        // A mistake is what the slot that speaks another protocol has to call it.
        if (status < 400 || status > 499) return false;
      }
      return false;
    };
  };

const ASKED_BY = ["servingProtocol", "modelName", "predictPath", "customProtocol"] as const;

/** Whether the slot has a model that is asked in another way than the active slot's. */
function isAskedOtherwise(config: StackConfig, slot: Slot): boolean {
  if (isEmpty(config.slots[slot])) return false;
  const [own, active] = [serviceOf(config, slot), serviceOf(config, config.activeSlot)];
  return ASKED_BY.some((key) => !isDeepStrictEqual(own[key], active[key]));
}
