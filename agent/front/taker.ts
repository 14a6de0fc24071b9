import type { IncomingMessage } from "node:http";
import { BodyCopy } from "../capture/copy.ts";
import { predictionLine } from "../capture/prediction.ts";
import type { KeptExchange } from "../capture/prediction.ts";
import type { CaptureSetup } from "../capture/setup.ts";
import type { AgentIdentity } from "../lines/embedded.ts";
import type { Shadow } from "../shadow/shadow.ts";
import type { ShadowSetup } from "../shadow/setup.ts";
import { forwardedHeaders } from "./headers.ts";
import { matchingPath } from "./paths.ts";
import { isSampled } from "./request-id.ts";

/** What is kept of a request while it is under way. */
export interface Takings {
  /** The greater of two bounds: whoever reads what is kept has its own. */
  readonly mostBytes: number;
  readonly input: BodyCopy;
  readonly isCaptured: boolean;
  readonly shadowed: IncomingMessage | undefined;
}

interface Shadowing {
  readonly setup: ShadowSetup;
  readonly shadow: Shadow;
}

/** They say how the client sends its body, which is kept as a whole by now. */
const OF_THE_BODY = ["content-length", "expect"];

/** Chooses the requests of which a line is written, and those that are asked once more. */
export class Taker {
  private readonly capture: CaptureSetup | undefined;
  private readonly shadowing: Shadowing | undefined;
  private readonly identity: AgentIdentity;
  private readonly write: (line: string) => void;

  constructor(
    capture: CaptureSetup | undefined,
    shadowing: Shadowing | undefined,
    identity: AgentIdentity,
    write: (line: string) => void,
  ) {
    this.capture = capture;
    this.shadowing = shadowing;
    this.identity = identity;
    this.write = write;
  }

  /** Undefined: nothing of it is kept. */
  of(req: IncomingMessage, path: string, requestId: string): Takings | undefined {
    const { capture } = this;
    const isCaptured =
      capture !== undefined &&
      (capture.paths === undefined || matchingPath(path, capture.paths) !== undefined) &&
      isSampled(requestId, capture.sample);
    const isShadowed = this.isShadowed(req, path, requestId);
    if (!isCaptured && !isShadowed) return undefined;
    const mostBytes = Math.max(
      isCaptured ? capture.maxBytes : 0,
      isShadowed ? (this.shadowing?.setup.maxBytes ?? 0) : 0,
    );
    return { mostBytes, input: new BodyCopy(mostBytes), isCaptured, shadowed: isShadowed ? req : undefined };
  }

  /** The user has the whole answer. */
  took(takings: Takings, kept: KeptExchange): void {
    if (takings.isCaptured && this.capture !== undefined) {
      this.write(predictionLine(kept, this.capture, this.identity));
    }
    if (takings.shadowed !== undefined) this.offer(takings.shadowed, kept);
  }

  private isShadowed({ method = "GET" }: IncomingMessage, path: string, requestId: string): boolean {
    if (this.shadowing === undefined) return false;
    const { setup, shadow } = this.shadowing;
    return (
      setup.methods.includes(method) &&
      matchingPath(path, setup.paths) !== undefined &&
      !shadow.isResting &&
      isSampled(requestId, setup.sample)
    );
  }

  private offer(
    req: IncomingMessage,
    { requestId, status, input, answer, answerHeaders }: KeptExchange,
  ): void {
    // A failed answer is nothing to agree with.
    if (this.shadowing === undefined || status > 399) return;
    const { setup, shadow } = this.shadowing;
    const { body } = input;
    // What is kept may be as long as a line of the log may have it.
    if (body === undefined || Math.max(body.length, answer.length) > setup.maxBytes) {
      shadow.tooLarge();
      return;
    }
    shadow.offer({
      requestId,
      request: {
        method: req.method ?? "GET",
        target: req.url ?? "/",
        headers: forwardedHeaders(req, OF_THE_BODY),
        body,
      },
      first: {
        status,
        contentType: answerHeaders["content-type"] ?? "",
        text: answer.text(answerHeaders, setup.maxBytes),
      },
    });
  }
}
