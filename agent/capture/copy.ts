import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import type { IncomingHttpHeaders } from "node:http";

/** A body as it went by, up to a bound: beyond it nothing of it is kept. */
export class BodyCopy {
  private readonly mostBytes: number;
  private chunks: Buffer[] = [];
  private bytes = 0;

  constructor(mostBytes: number) {
    this.mostBytes = mostBytes;
  }

  readonly add = (chunk: Buffer): void => {
    this.bytes += chunk.length;
    if (this.isWhole) this.chunks.push(chunk);
    else this.chunks = [];
  };

  private get isWhole(): boolean {
    return this.bytes <= this.mostBytes;
  }

  get length(): number {
    return this.bytes;
  }

  get body(): Buffer | undefined {
    return this.isWhole ? Buffer.concat(this.chunks) : undefined;
  }

  /**
   * As text, out of its compression; undefined: it is longer than the reader's own bound, which may be less than what is
   * kept, or cannot be read.
   */
  text(headers: IncomingHttpHeaders, mostBytes: number): string | undefined {
    const { body } = this;
    return body === undefined || body.length > mostBytes
      ? undefined
      : unpacked(body, headers["content-encoding"] ?? "", mostBytes * 8);
  }
}

function unpacked(body: Buffer, encoding: string, maxOutputLength: number): string | undefined {
  try {
    switch (encoding.trim().toLowerCase()) {
      case "":
      case "identity":
        return body.toString("utf8");
      case "gzip":
        return gunzipSync(body, { maxOutputLength }).toString("utf8");
      case "deflate":
        return inflateSync(body, { maxOutputLength }).toString("utf8");
      case "br":
        return brotliDecompressSync(body, { maxOutputLength }).toString("utf8");
      default:
        return undefined;
    }
  } catch {
    // It is not what its header says, or longer than the bound: it cannot be read.
    return undefined;
  }
}
