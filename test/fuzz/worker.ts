import { parentPort, workerData } from "node:worker_threads";
import type { WorkerOrder, WorkerWord } from "./host.ts";
import { fuzz } from "./run.ts";
import { parserNamed } from "./table.ts";

/** Fuzzes the parsers that it is given, one after the other; what it looks at stands where the host can read it. */
const { names, bounds, shared, plant }: WorkerOrder = workerData;
const [looks, bytes] = [new Int32Array(shared, 0, 2), new Uint8Array(shared, 8)];
const say = (word: WorkerWord) => parentPort?.postMessage(word);

for (const name of names) {
  const parser = await parserNamed(name, plant);
  say({ begins: name });
  const result = await fuzz(parser, bounds, (input) => {
    bytes.set(input);
    looks[1] = input.length;
    Atomics.add(looks, 0, 1);
  });
  say({ result });
}
process.exit();
