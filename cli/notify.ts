import type { Notification } from "../contract/release/notification.ts";
import { clientConfig, type Target } from "../validation/adapters/target.ts";
import { attempt } from "../validation/reading.ts";
import type { Outcome } from "../validation/outcome.ts";
import type { Reporter, StackStore } from "../validation/ports.ts";
import { notify, type Audience } from "../watchdog/notify.ts";
import { createNotices } from "./notices.ts";

export interface Told {
  readonly reporter: Reporter;
  /** The flow has ended; resolves when everybody was told, or could not be. */
  conclude(outcome: Outcome): Promise<void>;
}

/**
 * Tells the stack's topic and webhook what happens, in order and while it happens. Nobody waits for it, and a message
 * that cannot be sent is said and changes nothing.
 */
export function telling(
  stack: string,
  reporter: Reporter,
  store: Pick<StackStore, "deployed">,
  target: Target,
  send: (audience: Audience, notification: Notification) => Promise<void> = (audience, notification) =>
    notify(audience, () => snsClient(target), notification),
): Told {
  const notices = createNotices(stack);
  let queue = Promise.resolve();
  const tell = (notification: Notification | undefined) => {
    if (notification === undefined) return;
    queue = queue.then(async () => {
      const sent = await attempt(async () => {
        const deployed = await store.deployed();
        if (deployed === undefined) return;
        const { rollout, notifyUrl: url } = deployed.config;
        await send({ topicArn: rollout.notifyTopicArn, url }, { ...notification, link: runAddress() });
      });
      if (!sent.readable) reporter.report({ kind: "note", message: `nobody could be told: ${sent.why}` });
    });
  };
  return {
    reporter: {
      report(event) {
        reporter.report(event);
        tell(notices.report(event));
      },
    },
    async conclude(outcome) {
      tell(notices.conclude(outcome));
      await queue;
    },
  };
}

/** GitHub's page of this run, which has its summaries and reports; undefined: it runs elsewhere. */
function runAddress(
  { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = process.env,
): string | undefined {
  if (GITHUB_RUN_ID === undefined) return undefined;
  return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
}

async function snsClient(target: Target) {
  const { SNSClient } = await import("@aws-sdk/client-sns");
  return new SNSClient(clientConfig(target));
}
