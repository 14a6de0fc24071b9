import { Fields } from "../config/fields.ts";

/** What a line of the prediction log may say beside whose answer it was and how it went. */
const CAPTURED = ["input", "digest", "answer"];

export interface CaptureSetup {
  /** Percent of the requests. */
  readonly sample: number;
  /** Undefined: whatever the path. */
  readonly paths: readonly string[] | undefined;
  /** Of the input and of the answer, each: a longer one is not written. */
  readonly maxBytes: number;
  readonly fields: readonly string[];
  /** JSON pointers (RFC 6901): what they point at is taken out before anything is written or digested. */
  readonly redact: readonly string[];
  /** By name of a segment: the header that has its value, or a JSON pointer to it in the input. */
  readonly segment: Readonly<Record<string, string>>;
}

export function readCapture(value: unknown, where: string): CaptureSetup {
  const fields = new Fields(value, where, ["sample", "paths", "maxBytes", "fields", "redact", "segment"]);
  const paths = fields.texts("paths", []);
  return {
    sample: fields.number("sample", { least: 0, most: 100 }),
    paths: paths.length === 0 ? undefined : paths,
    maxBytes: fields.number("maxBytes", { least: 0, most: 65_536, otherwise: 4096 }),
    fields: fields.words("fields", CAPTURED, ["digest", "answer"]),
    redact: fields.texts("redact", []),
    segment: fields.named("segment"),
  };
}
