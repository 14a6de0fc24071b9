import { Fields, WrongSetting } from "../config/fields.ts";

/** With it an agent answers whoever came through a test rule, once a user has come to its task. */
export const HAD_USERS = "x-slot-users";

/** What is a fault of a stream. */
export interface StreamBounds {
  readonly firstTokenMs: number;
  readonly stallMs: number;
  /** Paths whose answers are streams whatever their content type says. */
  readonly paths: readonly string[];
  /** What a whole stream has in one of its last pieces, where its protocol is none that the agent knows. */
  readonly endMark: string | undefined;
}

/** Where a request says whose it is. */
export type UserMark =
  | { readonly kind: "cookie"; readonly name: string }
  | { readonly kind: "header"; readonly name: string };

export interface FrontSetup {
  readonly streams: StreamBounds;
  readonly user: UserMark | undefined;
  /** Paths that are also counted by themselves. */
  readonly paths: readonly string[];
  /** Lower case. A request that carries it came through a test rule: it is no user's, and not counted. */
  readonly testHeader: string;
}

/** As many as a signal may have segments. */
const MOST_PATHS = 20;
const NO_STREAM_SETTINGS = {};

export function readFront(value: unknown, where: string): FrontSetup {
  const fields = new Fields(value, where, ["streams", "user", "paths", "testHeader"]);
  return {
    streams: fields.inner("streams", readStreams) ?? readStreams(NO_STREAM_SETTINGS, where),
    user: fields.inner("user", readUser),
    paths: fields.texts("paths", [], MOST_PATHS),
    testHeader: (fields.text("testHeader") ?? "x-slot").toLowerCase(),
  };
}

function readStreams(value: unknown, where: string): StreamBounds {
  const fields = new Fields(value, where, ["firstTokenSeconds", "stallSeconds", "paths", "endMark"]);
  const seconds = { least: 0.001, most: 3600 };
  return {
    firstTokenMs: fields.number("firstTokenSeconds", { ...seconds, otherwise: 1 }) * 1000,
    stallMs: fields.number("stallSeconds", { ...seconds, otherwise: 10 }) * 1000,
    paths: fields.texts("paths", []),
    endMark: fields.text("endMark"),
  };
}

function readUser(value: unknown, where: string): UserMark {
  const fields = new Fields(value, where, ["cookie", "header"]);
  const [cookie, header] = [fields.text("cookie"), fields.text("header")];
  if (cookie !== undefined && header === undefined) return { kind: "cookie", name: cookie };
  if (header !== undefined && cookie === undefined) return { kind: "header", name: header.toLowerCase() };
  throw new WrongSetting(`${where} takes one of cookie and header: where a request says whose it is`);
}
