import { serveConsole, type ConsoleServer } from "../../../../cli/console/http/server.ts";
import type { ConsoleState } from "../../../../cli/console/state/console-state.ts";
import { cannedAnswer, cannedState } from "./canned-state.ts";

export interface Canned {
  /** What the page is shown of a reading. */
  readonly shown?: (state: ConsoleState) => ConsoleState;
  /** Gets what the page writes. */
  readonly written?: (body: unknown) => void;
  /** Of everything but the state; throws for what cannot be answered. */
  readonly before?: (path: string) => void;
}

/** The real page over four canned hours. Each state is a little later, so that everything is drawn anew. */
export function cannedConsole(
  outside?: string,
  { shown = (state) => state, written = () => {}, before = () => {} }: Canned = {},
): Promise<ConsoleServer> {
  const state = cannedState(outside);
  let reads = 0;
  return serveConsole(async ({ method, url, body }) => {
    if (method === "POST") written(body);
    if (url.pathname !== "/api/state") {
      before(url.pathname);
      return cannedAnswer(url.pathname, outside ?? "digits") ?? { method, body };
    }
    reads += 1;
    const { minutes } = state;
    const later = minutes && { ...minutes, seconds: minutes.seconds.map((at) => at + 60 * reads) };
    const playground = { traffic: 0, faults: ["slow"], said: outside ?? "" };
    return { ...shown({ ...state, minutes: later }), playground };
  }, {});
}
