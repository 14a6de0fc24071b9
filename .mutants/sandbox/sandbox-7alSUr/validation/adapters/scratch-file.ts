import { randomUUID } from "node:crypto";
import { createReadStream, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OpenScratch } from "../suite/many/kept.ts";

const BLOCK_BYTES = 64 * 1024;

/**
 * A file that has no name any more as soon as it is open: it goes with the process, however that ends, and nobody else
 * reads what models were asked and answered.
 */
export const scratchFile: OpenScratch = () => {
  const path = join(tmpdir(), `bluegreen-${randomUUID()}`);
  const file = openSync(path, "wx+", 0o600);
  unlinkSync(path);
  const tail = Buffer.alloc(BLOCK_BYTES);
  let [written, held] = [0, 0];
  let block: Buffer = Buffer.alloc(0);
  let blockAt = 0;
  const write = (bytes: Uint8Array) => {
    let done = 0;
    while (done < bytes.length) done += writeSync(file, bytes, done, bytes.length - done, written + done);
    written += bytes.length;
  };
  const flush = () => {
    write(tail.subarray(0, held));
    held = 0;
  };
  return {
    append(bytes) {
      if (held + bytes.length > BLOCK_BYTES) flush();
      if (bytes.length > BLOCK_BYTES) return write(bytes);
      tail.set(bytes, held);
      held += bytes.length;
    },
    read(at, length) {
      if (at + length > written) flush();
      if (at < blockAt || at + length > blockAt + block.length) {
        const room = Buffer.alloc(Math.max(BLOCK_BYTES, length));
        let filled = 0;
        for (let more = 1; more > 0 && filled < room.length; filled += more) {
          more = readSync(file, room, filled, room.length - filled, at + filled);
        }
        block = room.subarray(0, filled);
        blockAt = at;
      }
      return block.subarray(at - blockAt, at - blockAt + length);
    },
  };
};

/** The lines of a file, one after the other. Only \n ends a line: in JSON's texts others may stand as they are. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of createReadStream(path, "utf8")) {
    const lines = `${rest}${String(piece)}`.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  yield rest;
}
