import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { FuzzBounds, FuzzFault, FuzzResult } from "./run.ts";

export interface WorkerOrder {
  readonly names: readonly string[];
  readonly bounds: FuzzBounds;
  readonly shared: SharedArrayBuffer;
  /** A defect that is put in, for the tests of the fuzzer itself. */
  readonly plant: string | undefined;
}

export type WorkerWord = { readonly begins: string } | { readonly result: FuzzResult };

/** A worker that looks at one input for so long never comes back. */
const DEAD_MS = 30_000;
const LOOK_MS = 250;
/** The longest input, and the count of looks and its length before it. */
const SHARED_BYTES = 8 + 512 * 1024;
const HEAP_MEBIBYTES = 1024;

/**
 * Fuzzes parsers in a thread of its own, which is ended when it hangs. A parser whose thread ended is a fault, and the
 * others go on in another thread.
 */
export async function fuzzAll(
  names: readonly string[],
  bounds: FuzzBounds,
  onResult: (result: FuzzResult) => void,
  { plant, deadMs = DEAD_MS }: { readonly plant?: string; readonly deadMs?: number } = {},
): Promise<readonly FuzzResult[]> {
  const results: FuzzResult[] = [];
  const keep = (result: FuzzResult) => {
    results.push(result);
    onResult(result);
  };
  let left = names;
  while (left.length > 0) {
    const { done, died } = await oneThread({ names: left, bounds, plant, deadMs }, keep);
    if (died !== undefined) keep(died);
    left = left.slice(done + (died === undefined ? 0 : 1));
    if (died === undefined && done === 0) throw new Error(`the thread for ${left.join(", ")} said nothing`);
  }
  return results;
}

type ThreadOrder = Omit<WorkerOrder, "shared"> & { readonly deadMs: number };

async function oneThread(
  { deadMs, ...order }: ThreadOrder,
  keep: (result: FuzzResult) => void,
): Promise<{ readonly done: number; readonly died: FuzzResult | undefined }> {
  const shared = new SharedArrayBuffer(SHARED_BYTES);
  const workerData: WorkerOrder = { ...order, shared };
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEBIBYTES },
  });
  const looks = new Int32Array(shared, 0, 2);
  let [done, current, broken] = [0, "", undefined as Pick<FuzzFault, "kind" | "message"> | undefined];
  worker.on("message", (word: WorkerWord) => {
    if ("begins" in word) current = word.begins;
    else {
      done += 1;
      current = "";
      keep(word.result);
    }
  });
  worker.on("error", (error: unknown) => {
    const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
    broken = { kind: "crash", message: said.slice(0, 600) };
  });
  let [lastLook, lastMs] = [-1, performance.now()];
  const watch = setInterval(() => {
    const look = Atomics.load(looks, 0);
    if (look !== lastLook || current === "") [lastLook, lastMs] = [look, performance.now()];
    else if (look > 0 && performance.now() - lastMs > deadMs) {
      broken = { kind: "hang", message: `it had not ended after ${deadMs} ms` };
      void worker.terminate();
    }
  }, LOOK_MS);
  await once(worker, "exit");
  clearInterval(watch);
  if (current === "" && broken === undefined) return { done, died: undefined };
  const input = Buffer.from(new Uint8Array(shared, 8, looks[1])).toString("base64");
  const fault = { ...(broken ?? { kind: "crash", message: "its thread ended" }), input } as const;
  const inputs = Atomics.load(looks, 0);
  const none = { accepted: 0, refused: 0, seconds: 0, slowestMs: 0 };
  return { done, died: { name: current || (order.names[done] ?? "?"), inputs, ...none, faults: [fault] } };
}
