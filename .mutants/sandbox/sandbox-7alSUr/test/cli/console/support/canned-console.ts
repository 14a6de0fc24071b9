import { serveConsole, type ConsoleServer } from "../../../../cli/console/http/server.ts";
import { cannedAnswer, cannedState } from "./canned-state.ts";

/** The real page over four canned hours. Each state is a little later, so that everything is drawn anew. */
export function cannedConsole(outside?: string): Promise<ConsoleServer> {
  const state = cannedState(outside);
  let reads = 0;
  return serveConsole(async ({ method, url, body }) => {
    if (url.pathname !== "/api/state")
      return cannedAnswer(url.pathname, outside ?? "digits") ?? { method, body };
    reads += 1;
    const { minutes } = state;
    const later = minutes && { ...minutes, seconds: minutes.seconds.map((at) => at + 60 * reads) };
    return { ...state, minutes: later, playground: { traffic: 0, faults: ["slow"], said: outside ?? "" } };
  }, {});
}
