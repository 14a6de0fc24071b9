import type {
  CloudWatchLogsClient,
  FilterLogEventsCommandInput,
  FilterLogEventsCommandOutput,
} from "@aws-sdk/client-cloudwatch-logs";
import { whileThrottled, type Backoff } from "../backoff.ts";

/**
 * The events of a log group, page by page, the oldest first. A page has at most 10,000 events or 1 MB, and an empty one may
 * have another one after it (API of CloudWatch Logs, FilterLogEvents).
 */
export async function* pagesOf(
  client: () => Promise<CloudWatchLogsClient>,
  asked: FilterLogEventsCommandInput,
  backoff: Backoff | undefined,
): AsyncGenerator<FilterLogEventsCommandOutput> {
  const { FilterLogEventsCommand } = await import("@aws-sdk/client-cloudwatch-logs");
  const sender = await client();
  let nextToken: string | undefined;
  do {
    const command = new FilterLogEventsCommand({ ...asked, nextToken });
    const page = await whileThrottled(() => sender.send(command), backoff);
    yield page;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
}
