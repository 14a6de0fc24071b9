import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE_BYTES = 8;

/** The same picture, packed as well as deflate can: Chromium packs for speed (W3C PNG, 5.3 Chunk layout). */
export function smallerPng(png: Buffer): Buffer {
  const others: Buffer[] = [];
  const data: Buffer[] = [];
  let dataAt = 0;
  for (let at = SIGNATURE_BYTES; at < png.length;) {
    const end = at + 12 + png.readUInt32BE(at);
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") {
      data.push(png.subarray(at + 8, end - 4));
      dataAt ||= others.length;
    } else others.push(png.subarray(at, end));
    at = end;
  }
  const packed = deflateSync(inflateSync(Buffer.concat(data)), { level: 9, memLevel: 9 });
  const chunk = Buffer.concat([Buffer.alloc(4), Buffer.from("IDAT"), packed, Buffer.alloc(4)]);
  chunk.writeUInt32BE(packed.length, 0);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4);
  others.splice(dataAt, 0, chunk);
  return Buffer.concat([png.subarray(0, SIGNATURE_BYTES), ...others]);
}
