import type { SNSClient } from "@aws-sdk/client-sns";
import { topicMessage, webhookMessage, type Notification } from "../contract/release/notification.ts";

/** Where people are told; undefined: there is no such place. */
export interface Audience {
  readonly topicArn: string | undefined;
  readonly url: string | undefined;
}

const WEBHOOK_TIMEOUT_MS = 5_000;

/** Not every place of the audience was told, and one was. */
export class PartlyToldError extends Error {}

/**
 * Tells every place of the audience; one that fails does not keep the others from being told.
 * @throws PartlyToldError when another one was told, Error when none was.
 */
export async function notify(
  { topicArn, url }: Audience,
  sns: () => Promise<SNSClient>,
  notification: Notification,
): Promise<void> {
  const sent = await Promise.allSettled([
    ...(topicArn === undefined ? [] : [publish(topicArn, sns, notification)]),
    ...(url === undefined ? [] : [post(url, notification)]),
  ]);
  const failed = sent.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : []));
  if (failed.length === 0) return;
  const words = failed.join("; ");
  throw failed.length < sent.length ? new PartlyToldError(words) : new Error(words);
}

async function publish(
  TopicArn: string,
  sns: () => Promise<SNSClient>,
  notification: Notification,
): Promise<void> {
  const { PublishCommand } = await import("@aws-sdk/client-sns");
  await (await sns()).send(new PublishCommand({ TopicArn, ...topicMessage(notification) }));
}

async function post(url: string, notification: Notification): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: webhookMessage(notification),
    signal: AbortSignal.timeout(WEBHOOK_TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw new Error(`the webhook cannot be reached: ${whyNot(error)}`);
  });
  // The address is a secret, so it is in no message.
  if (!response.ok) throw new Error(`the webhook answered ${response.status}`);
}

/** `fetch` quotes an address that it cannot use in its message, with a name and password in it; a code says nothing of it. */
function whyNot(error: unknown): string {
  if (!(error instanceof Error)) return "no answer";
  const { cause } = error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
  return code ?? (error.name === "TimeoutError" ? "no answer in time" : "no address that can be called");
}
