import { isRecord, type Field } from "./field.ts";

/** A serving protocol of the user's own: a request with places for the example, and where an answer has what. */
export interface CustomProtocol {
  /**
   * The request's body. The texts `{{input}}` (the example as it stands), `{{row}}` (its values as a list) and `{{text}}`
   * stand for the example, as a whole value of the JSON.
   */
  readonly request: unknown;
  /** JSON Pointers (RFC 6901) into an answer. */
  readonly prediction: string;
  readonly version?: string;
  /** Where an answer has this, it is a failure, whatever its status. */
  readonly error?: string;
}

const POINTER = /^(\/([^~/]|~[01])*)*$/;
const POINTERS = ["prediction", "version", "error"] as const;

export const customProtocolField: Field<CustomProtocol | undefined> = {
  type: "object",
  allowed:
    "`{request, prediction, version, error}`: a JSON body with `{{input}}`, `{{row}}` or `{{text}}` in it, and JSON Pointers such as /outputs/0/label; the last two may be left out",
  default: undefined,
  meaning:
    "How the server is asked when `servingProtocol` is `custom`: POST of `request` to `predictPath`, and where in its answer the prediction, the version and an error are.",
  read(raw) {
    if (!isRecord(raw)) return undefined;
    const { request, prediction, version, error, ...unknown } = raw;
    const isRequest = request !== undefined && /"\{\{(input|row|text)\}\}"/.test(JSON.stringify(request));
    const isPointer = (value: unknown): value is string => typeof value === "string" && POINTER.test(value);
    const given = POINTERS.filter((name) => raw[name] !== undefined);
    if (!isRequest || !isPointer(prediction) || Object.keys(unknown).length > 0) return undefined;
    if (!given.every((name) => isPointer(raw[name]))) return undefined;
    return {
      value: {
        request,
        prediction,
        ...(isPointer(version) ? { version } : {}),
        ...(isPointer(error) ? { error } : {}),
      },
    };
  },
};
