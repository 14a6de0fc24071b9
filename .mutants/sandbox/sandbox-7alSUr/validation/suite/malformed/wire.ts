import { bytesOf, postOf, type Good, type Malformed } from "./input.ts";

const MEGABYTE = 1_000_000;
const LONG = 8_000;

/** What is wrong before anybody reads the body: method, media type, encoding, size, path. Fits any protocol. */
export function wrongOnTheWire(good: Good, modelName: string | undefined): readonly Malformed[] {
  return [
    ...wrongMethods(good),
    ...wrongTypes(good),
    ...wrongEncodings(good),
    ...wrongPaths(good, modelName),
  ];
}

function wrongMethods({ path }: Good): readonly Malformed[] {
  return [
    { what: "GET in place of POST", must: "refuse", question: { method: "GET", path } },
    { what: "PUT in place of POST", must: "refuse", question: { method: "PUT", path, body: "{}" } },
    { what: "PATCH in place of POST", must: "refuse", question: { method: "PATCH", path, body: "{}" } },
  ];
}

/** A server may well read a good body whatever it is called. */
function wrongTypes(good: Good): readonly Malformed[] {
  const post = postOf(good);
  const called = (contentType: string) =>
    post(`a good body called ${contentType}`, "survive", good.body, { contentType });
  return [
    called("text/plain"),
    called("application/xml"),
    called("application/x-www-form-urlencoded"),
    called("multipart/form-data"),
    called("application/octet-stream"),
    called(`${good.contentType ?? "application/json"}; charset=utf-16`),
    called("no media type at all"),
    post("a good body without a media type", "survive", bytesOf(good.body), { contentType: "" }),
  ];
}

function wrongEncodings(good: Good): readonly Malformed[] {
  const post = postOf(good);
  const { body } = good;
  const encoded = (value: string) => ({ headers: { "content-encoding": value } });
  return [
    post("a byte order mark before a good body", "survive", bytesOf(`\uFEFF${body}`)),
    post("a good body in UTF-16", "survive", utf16(body)),
    post("bytes that are no UTF-8", "refuse", Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0xc3, 0x28, 0x22, 0x7d)),
    post("a character of UTF-8 that is cut", "refuse", Uint8Array.of(0x22, 0xe2, 0x82)),
    post("64 bytes of zero", "refuse", new Uint8Array(64)),
    post("a good body that is called gzip", "survive", body, encoded("gzip")),
    post("a good body of an unknown encoding", "survive", body, encoded("bluegreen")),
    // RFC 1952, 2.3: the header of a gzip file, and nothing after it.
    post("a gzip header alone", "refuse", Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3)),
  ];
}

/** Two bytes a character, the lesser first, after its byte order mark. */
function utf16(text: string): Uint8Array<ArrayBuffer> {
  const units = Array.from(`\uFEFF${text}`, (_, at) => `\uFEFF${text}`.charCodeAt(at));
  return Uint8Array.from(units.flatMap((unit) => [unit % 256, Math.floor(unit / 256)]));
}

export function wrongSizes(good: Good): readonly Malformed[] {
  const post = postOf(good);
  return [
    post("an empty body", "refuse", ""),
    post("white space alone", "refuse", " \n\t "),
    post(
      "a list of three megabytes",
      good.body.startsWith("[") ? "survive" : "refuse",
      `[${"0,".repeat((3 * MEGABYTE) / 2)}0]`,
    ),
    post(
      "a text of three megabytes",
      good.body.startsWith('"') ? "survive" : "refuse",
      `"${"a".repeat(3 * MEGABYTE)}"`,
    ),
    post("a megabyte of white space before a good body", "survive", " ".repeat(MEGABYTE) + good.body),
  ];
}

function wrongPaths(good: Good, modelName: string | undefined): readonly Malformed[] {
  const post = postOf(good);
  const at = (what: string, path: string, must: Malformed["must"] = "survive") =>
    post(what, must, good.body, { path });
  const { path } = good;
  const named =
    modelName === undefined || !path.includes(modelName)
      ? []
      : [
          at("a model that does not exist", path.replace(modelName, "bluegreen-no-such-model"), "refuse"),
          at("a path in place of the model's name", path.replace(modelName, "..%2f..%2f..%2fetc%2fpasswd")),
          at("an empty name of the model", path.replace(modelName, "%20")),
        ];
  return [
    at("an unknown route", "/bluegreen/no-such-route"),
    at("a path that leads out of the service", `${path}/..%2f..%2f..%2f..%2fetc%2fpasswd`),
    at("a byte of zero in the path", `${path}%00`),
    at("a percent sign that says nothing in the path", `${path}%zz`),
    at("a query of 8,000 characters", `${path}?q=${"a".repeat(LONG)}`),
    ...named,
  ];
}
