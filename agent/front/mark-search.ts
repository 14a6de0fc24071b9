/** Looks for a text in bytes that come in pieces, wherever they are cut. */
export class MarkSearch {
  private readonly mark: Buffer;
  /** The last bytes so far: with those that follow they may be the mark. */
  private tail: Buffer = Buffer.alloc(0);

  constructor(mark: string) {
    this.mark = Buffer.from(mark);
  }

  /** Whether the mark ends in this piece. */
  isIn(piece: Buffer): boolean {
    const bytes = Buffer.concat([this.tail, piece]);
    this.tail = bytes.subarray(Math.max(0, bytes.length - this.mark.length + 1));
    return bytes.includes(this.mark);
  }
}
