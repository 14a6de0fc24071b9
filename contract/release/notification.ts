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
}

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

const body = ({ reason, model }: Notification): readonly string[] =>
  model === undefined ? [reason] : [reason, `Model: ${modelWords(model)}`];
