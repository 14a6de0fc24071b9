import { Worker } from "node:worker_threads";

/** One answered, refused or lost request, as the user saw it. */
export interface Answer {
  /** When the answer was there, real epoch milliseconds. */
  readonly realMs: number;
  /** HTTP status; 0: no answer at all. */
  readonly status: number;
  /** The model's version in the body; undefined: none, for example an error of the load balancer itself. */
  readonly version: string | undefined;
  /** Whether the prediction was the golden one. */
  readonly right: boolean;
  readonly seconds: number;
  /** Of a request that has an id: what turned out to be right later. */
  readonly labelled?: { readonly requestId: string; readonly label: number };
}

export interface TrafficOptions {
  readonly url: string;
  /** Requests per real second, at fixed times whether or not earlier ones were answered (open loop). */
  readonly requestsPerSecond: number;
  /** A file of `{"features": […], "label": n}` lines. */
  readonly goldenPath: string;
  /** Each request has an id (`x-request-id`), by which it can be labelled. */
  readonly withIds?: boolean | undefined;
  /** How long an answer is waited for, in real seconds; ten by default. */
  readonly patienceSeconds?: number | undefined;
}

export interface Traffic {
  /** Every request answered so far, oldest first. */
  answers(): readonly Answer[];
  /** Sends no more, and waits for the answers that are still out. */
  stop(): Promise<void>;
}

export function failed({ status }: Answer): boolean {
  return status < 200 || status >= 500;
}

/**
 * Users: an open-loop client on a thread of its own, so that neither the demo's own work nor a slow answer
 * delays the next request (a closed loop would hide queueing). It counts what it receives and nothing else.
 */
export function startTraffic(options: TrafficOptions): Traffic {
  const answers: Answer[] = [];
  const worker = new Worker(new URL("traffic-worker.ts", import.meta.url), { workerData: options });
  const ended = new Promise<void>((resolve, reject) => {
    worker.once("exit", () => resolve());
    worker.once("error", reject);
  });
  worker.on("message", (batch: readonly Answer[]) => answers.push(...batch));
  return {
    answers: () => answers,
    async stop() {
      worker.postMessage("stop");
      await ended;
    },
  };
}
