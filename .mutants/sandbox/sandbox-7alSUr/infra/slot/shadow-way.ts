import * as pulumi from "@pulumi/pulumi";
import { SHADOW_SLOT, SHADOW_TOKEN, type AgentOptions } from "../../contract/agent/options.ts";
import { TEST_HEADERS } from "../../contract/route/route.ts";
import type { Place } from "../component/place.ts";
import { otherSlot, type Slot } from "../../contract/slot.ts";

/** Where the test rules of the stack are. */
export interface TestWay {
  readonly url: pulumi.Input<string>;
  /** undefined: there are no test rules. */
  readonly token: string | undefined;
}

export interface ShadowGround {
  readonly slot: Slot;
  readonly place: Place;
  readonly release: string;
  readonly way: TestWay;
  readonly parent: pulumi.Resource;
}

/** What an agent is told so that it can ask the other slot what users ask its own. */
export function shadowWay({ shadow, secrets }: AgentOptions, ground: ShadowGround) {
  if (shadow === undefined) return undefined;
  const { url, ...rest } = shadow;
  const { slot } = ground;
  const way = keptWay(ground);
  const headers = {
    [TEST_HEADERS.slot]: SHADOW_SLOT,
    [TEST_HEADERS.token]: SHADOW_TOKEN,
  };
  return {
    options: { ...rest, url: url ?? way.url, headers },
    environment: {
      [SHADOW_SLOT]: otherSlot(slot),
      ...(SHADOW_TOKEN in secrets ? {} : { [SHADOW_TOKEN]: way.token }),
    },
  };
}

/**
 * Address and token as they were when the release was deployed: a stash's output is the first input that it got. A rotated
 * token, or a name for the stack, would otherwise be another task definition of a slot that has users.
 */
function keptWay({ slot, place, release, way: { url, token }, parent }: ShadowGround) {
  const input = pulumi.secret({ url, token: token ?? "" });
  const name = `${slot}-shadow-${release}`;
  const stash = new pulumi.Stash(
    place.name(name),
    { input },
    { ...place.options(name, parent), ignoreChanges: ["input"] },
  );
  // It is what went in, by whatever version.
  const kept = pulumi.secret(stash.output) as pulumi.Output<{ readonly url: string; readonly token: string }>;
  return {
    // No secret: the stack's outputs have it.
    url: pulumi.unsecret(kept.apply((one) => one.url)),
    token: kept.apply((one) => one.token),
  };
}
