import { sameSplit, showSplit } from "../route/split.ts";
import type { StackConfig } from "../config/stack-config.ts";
import type { Previous } from "./previous.ts";
import { isManual } from "./step.ts";
import { inTurn, routingOf, setRouting } from "./routing.ts";
import type { RouteReading } from "./rolled-back.ts";

const REFRESH = "pulumi up --refresh";

/**
 * What to say of a route that somebody changed without Pulumi: its state is as the last update left it, so an update
 * sees nothing to do there. undefined: nothing, also of what an update makes right anyway. A write of the tools looks
 * at the route itself.
 */
export function movedAside(
  previous: Previous | undefined,
  next: StackConfig,
  live: RouteReading | undefined,
): string | undefined {
  if (previous === undefined || live === undefined || !live.readable) return undefined;
  const { split } = live;
  if (
    !isManual(previous, next) ||
    (split !== undefined && (sameSplit(split, previous.split) || sameSplit(split, next.split)))
  ) {
    return undefined;
  }
  const now = split === undefined ? "weights that are no split of this stack" : showSplit(split);
  return (
    `The route has ${now}, where the last update left ${showSplit(previous.split)}: somebody changed it without Pulumi. ` +
    `To make it ${showSplit(next.split)}: ${REFRESH}${split === undefined ? "" : keeping(previous, next, split)}`
  );
}

function keeping({ activeSlot }: Previous, next: StackConfig, split: Previous["split"]): string {
  const asked = routingOf({ activeSlot: next.activeSlot, split: next.split });
  const command = setRouting(asked, routingOf({ activeSlot, split }));
  return command === undefined ? "" : `; to keep what it has: ${inTurn(command, REFRESH)}`;
}
