import { readEvent } from "./events.ts";
import type { Ended } from "./forward.ts";
import { MarkSearch } from "./mark-search.ts";
import { Pieces } from "./pieces.ts";
import type { StreamFormat } from "./pieces.ts";
import type { StreamBounds } from "./setup.ts";

/** What is to be counted of a stream. */
export interface StreamVerdict {
  readonly isCut: boolean;
  readonly isStalled: boolean;
  readonly isEmpty: boolean;
  readonly isFirstTokenSlow: boolean;
  /** Pieces that add something to the answer: servers put one token or a few into each. */
  readonly tokens: number;
}

/**
 * Follows one stream whose status says success, and says once what it was: when it stalls, or else when it ends. A stream whose client goes away
 * before its end says nothing, unless it had a fault by then.
 */
export class StreamWatch {
  private readonly bounds: StreamBounds;
  private readonly startedMs: number;
  private readonly onVerdict: (verdict: StreamVerdict) => void;
  private readonly pieces: Pieces;
  /** Undefined: a packed stream may have the mark, and nobody can see it. */
  private readonly endMark: string | undefined;
  /** Of bytes, which are no events in which the mark could be. */
  private readonly search: MarkSearch | undefined;
  private lastMs: number;
  private nowMs: number;
  private firstTokenMs: number | undefined;
  private tokens = 0;
  private hasEnd = false;
  private isAtEnd = false;
  private hasError = false;
  private isJudged = false;

  /** `startedMs`: when the request came; `nowMs`: when the status of its answer did. */
  constructor(
    format: StreamFormat,
    bounds: StreamBounds,
    { startedMs, nowMs }: { startedMs: number; nowMs: number },
    onVerdict: (verdict: StreamVerdict) => void,
  ) {
    this.bounds = bounds;
    this.startedMs = startedMs;
    this.lastMs = nowMs;
    this.nowMs = nowMs;
    this.onVerdict = onVerdict;
    this.endMark = format === "packed" ? undefined : bounds.endMark;
    this.search = format === "bytes" && this.endMark !== undefined ? new MarkSearch(this.endMark) : undefined;
    this.hasEnd = this.endMark !== undefined;
    this.pieces = new Pieces(format, (data) => this.event(data));
  }

  piece(bytes: Buffer, nowMs: number): void {
    this.check(nowMs, false);
    this.nowMs = nowMs;
    this.pieces.add(bytes);
    this.isAtEnd ||= this.search?.isIn(bytes) ?? false;
  }

  private event(data: string): void {
    const { text, hasEnd, isEnd, isError } = readEvent(data);
    this.lastMs = this.nowMs;
    if (text !== "") {
      this.tokens += 1;
      this.firstTokenMs ??= this.nowMs;
    }
    const { endMark, search } = this;
    this.hasEnd ||= hasEnd;
    if (search === undefined) this.isAtEnd ||= endMark === undefined ? isEnd : data.includes(endMark);
    this.hasError ||= isError;
  }

  /** Whether it has been silent for too long; `isClientSlow`: it is the client that everybody waits for. */
  check(nowMs: number, isClientSlow: boolean): void {
    if (isClientSlow) this.lastMs = nowMs;
    if (this.isAtEnd || nowMs - this.lastMs <= this.bounds.stallMs) return;
    this.judge(nowMs, { isCut: false, isStalled: true, isEmpty: false });
  }

  end(how: Ended, nowMs: number): void {
    this.nowMs = nowMs;
    if (how === "whole") this.pieces.end();
    const none = { isCut: false, isStalled: false, isEmpty: false };
    if (this.hasError) return this.judge(nowMs, { ...none, isCut: true });
    // Clients of the OpenAI API hang up when they have read [DONE].
    const isWhole = this.isAtEnd || (how === "whole" && !this.hasEnd);
    if (isWhole) return this.judge(nowMs, { ...none, isEmpty: this.tokens === 0 });
    if (how !== "client-left") return this.judge(nowMs, { ...none, isCut: true });
    if (this.isFirstTokenSlow(nowMs)) this.judge(nowMs, none);
  }

  private isFirstTokenSlow(nowMs: number): boolean {
    return (this.firstTokenMs ?? nowMs) - this.startedMs > this.bounds.firstTokenMs;
  }

  private judge(nowMs: number, faults: Pick<StreamVerdict, "isCut" | "isStalled" | "isEmpty">): void {
    if (this.isJudged) return;
    this.isJudged = true;
    const isFirstTokenSlow = !faults.isEmpty && this.isFirstTokenSlow(nowMs);
    this.onVerdict({ ...faults, isFirstTokenSlow, tokens: this.tokens });
  }
}
