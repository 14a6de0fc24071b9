import { AGENT_COUNTS } from "../../../contract/signals/agent-counts.ts";
import { REQUESTS, type Signal } from "../../../contract/signals/signal.ts";
import type { MetricKind } from "../comparison/evidence/weighing.ts";

const OF_KIND: Readonly<Record<MetricKind, string>> = {
  failed: "requests",
  slow: "answers",
  client: "answers",
  custom: "requests",
  signal: "",
};

/** What events are counted among, as sentences have it: "24 of 470 labels"; empty: nobody said what it is. */
export function exposureOf(kind: MetricKind, signal: Pick<Signal, "kind" | "source"> | undefined): string {
  if (signal === undefined) return OF_KIND[kind];
  if (signal.kind === "scores") return "answers";
  const { source } = signal;
  switch (source.from) {
    case "labels":
      return "labels";
    case "agent":
      return agentExposure(source.count);
    case "cloudwatch":
    case "log":
      return source.denominator === REQUESTS ? "requests" : source.denominator;
    case "resources":
      return "minutes of a task";
    case "command":
    case "url":
      return "";
  }
}

/** `ServerRequests` is two words. */
function agentExposure(count: string): string {
  const found = Object.entries(AGENT_COUNTS).find(([name]) => name === count)?.[1].denominator ?? "";
  return found.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
}
