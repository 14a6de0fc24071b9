import { get } from "node:http";
import { atMultiples } from "../clock.ts";
import type { AgentClock } from "../clock.ts";
import type { Counts } from "../lines/counts.ts";
import { Deltas } from "./deltas.ts";
import { GPU_METRIC, gpuPercent } from "./gauge.ts";
import { readPage, UnreadablePage } from "./page.ts";
import type { ScrapeSetup } from "./setup.ts";

const MOST_BYTES = 16 * 1024 * 1024;
const TIMEOUT_MS = 2000;

export interface Scraper {
  /** Reads the page once; also called with each period of the clock. Never fails: what went wrong is said. */
  scrape(atMs: number): Promise<void>;
  stop(): void;
}

interface ScraperOptions {
  readonly clock: AgentClock;
  readonly counts: Counts;
  /** What the GPUs do at that moment, in percent. */
  readonly gpu: (atMs: number, percent: number) => void;
  readonly tell: (what: string) => void;
}

/** Reads the model server's page with each period, and counts what was added. */
export function startScraper(setup: ScrapeSetup, { clock, counts, gpu, tell }: ScraperOptions): Scraper {
  const told = new Set<string>();
  const tellOnce = (what: string) => {
    if (!told.has(what)) tell(what);
    told.add(what);
  };
  const deltas = new Deltas(setup.metrics, tellOnce);
  const wanted = new Set([...deltas.wanted, ...(setup.gpu === undefined ? [] : [setup.gpu.series])]);
  const address = `http://127.0.0.1:${setup.port}${setup.path}`;
  let isBusy = false;
  let isLost = false;
  const scrape = async (atMs: number) => {
    if (isBusy) return;
    isBusy = true;
    try {
      const { text, isOpenMetrics } = await fetchPage(address);
      // The period that ends here is the one in which all this was counted.
      const page = readPage(text, isOpenMetrics, wanted);
      for (const { group, amounts } of deltas.read(page)) counts.add(atMs - 1, group, amounts);
      if (setup.gpu !== undefined) {
        const percent = gpuPercent(page.samples, setup.gpu);
        if (percent === undefined)
          tellOnce(`${GPU_METRIC} is not counted: the page has no ${setup.gpu.series} yet`);
        else gpu(atMs - 1, percent);
      }
      if (isLost) tell(`${address} can be read again; what it counted meanwhile is counted now`);
      isLost = false;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (!isLost) tell(`${address} cannot be read: ${why}; nothing is counted until it can`);
      isLost = true;
    } finally {
      isBusy = false;
    }
  };
  const stop = atMultiples(clock, setup.everyMs, 0, (multipleMs) => void scrape(multipleMs));
  return { scrape, stop };
}

interface FetchedPage {
  readonly text: string;
  readonly isOpenMetrics: boolean;
}

function fetchPage(address: string): Promise<FetchedPage> {
  return new Promise((resolve, reject) => {
    const headers = { accept: "text/plain;version=0.0.4, application/openmetrics-text;version=1.0.0;q=0.5" };
    // A connection of its own each time: the server may have been replaced meanwhile.
    const request = get(
      address,
      { headers, agent: false, signal: AbortSignal.timeout(TIMEOUT_MS) },
      (answer) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        answer.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          chunks.push(chunk);
          if (bytes > MOST_BYTES) answer.destroy(new UnreadablePage(`it has more than ${MOST_BYTES} bytes`));
        });
        answer.on("error", reject);
        answer.on("end", () => {
          if (answer.statusCode !== 200) return reject(new UnreadablePage(`HTTP ${answer.statusCode}`));
          const isOpenMetrics = (answer.headers["content-type"] ?? "").startsWith(
            "application/openmetrics-text",
          );
          resolve({ text: Buffer.concat(chunks).toString("utf8"), isOpenMetrics });
        });
      },
    );
    request.on("error", reject);
  });
}
