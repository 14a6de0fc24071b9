import { onFullName } from "../names/local-cloud.ts";
import { modelWords, type ReleasedModel } from "./release.ts";

/** What people are told of a release, on a topic or in a channel. */
export const NOTIFICATION_KINDS = [
  "started",
  "step",
  "retreated",
  "needsPerson",
  "promoted",
  "rolledBack",
  "watchdog",
] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

export interface Notification {
  readonly kind: NotificationKind;
  readonly stack: string;
  /** undefined: a share without a release. */
  readonly releaseId: string | undefined;
  /** What the release brings; absent where only the route's tags are known, as to the watchdog. */
  readonly model?: ReleasedModel | undefined;
  /** One sentence with what was measured and what is allowed. */
  readonly reason: string;
  /** Where the run that did it is to be seen, and its report; absent: on a machine of which nobody has the address. */
  readonly link?: string | undefined;
}

/** What whoever is told of it does, in the words of the report; the way back stands wherever there is one. */
const NEXT: Readonly<Record<NotificationKind, readonly string[]>> = {
  started: ["Way back: npx bluegreen revert"],
  step: ["Way back: npx bluegreen revert"],
  retreated: [
    "Nothing for its users: they are back. Logs: npx bluegreen logs <slot>",
    "End the release: npx bluegreen revert",
  ],
  needsPerson: ["What it waits for: npx bluegreen status", "Way back: npx bluegreen revert"],
  promoted: ["Way back: npx bluegreen revert"],
  rolledBack: [
    "Nothing in a hurry: all traffic is back. Logs: npx bluegreen logs <slot>",
    "Where it stands: npx bluegreen status",
  ],
  watchdog: [
    "Nothing in a hurry: all traffic is back. Logs: npx bluegreen logs <slot>",
    "Where it stands: npx bluegreen status",
  ],
};

const HEADLINES: Readonly<Record<NotificationKind, string>> = {
  started: "started",
  step: "advanced",
  retreated: "gave its users back, and is tried again",
  needsPerson: "manual action required",
  promoted: "promoted",
  rolledBack: "rolled back",
  watchdog: "rolled back by the watchdog",
};

/** "ml-blue-green/prod: v3-g9 rolled back": also the subject of a mail. */
export function headline({ kind, stack, releaseId }: Notification): string {
  return `${stack}: ${releaseId ?? "traffic share shifted manually"} ${HEADLINES[kind]}`;
}

// SNS API, Publish: a subject has fewer than 100 characters, printable ASCII, no line breaks.
export function topicMessage(notification: Notification): {
  readonly Subject: string;
  readonly Message: string;
} {
  const Subject = headline(notification)
    .replaceAll(/[^\x20-\x7e]/g, "?")
    .slice(0, 99);
  return { Subject, Message: [`${headline(notification)}\n`, ...body(notification), ""].join("\n") };
}

/** The body that an incoming webhook of Slack takes; its markup characters are escaped as Slack asks for. */
export function webhookMessage(notification: Notification): string {
  const escaped = (text: string) =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return JSON.stringify({
    text: [`*${escaped(headline(notification))}*`, ...body(notification).map(escaped)].join("\n"),
  });
}

const body = ({ kind, stack, reason, model, link }: Notification): readonly string[] => [
  reason,
  ...(model === undefined ? [] : [`Model: ${modelWords(model)}`]),
  ...NEXT[kind].map((line) => onFullName(line, stack)),
  ...(link === undefined ? [] : [`Run and report: ${link}`]),
];
