import { postOf, type Good, type Malformed, type Must } from "./input.ts";

/** What is wrong in a body of comma-separated values. Of many things readers of CSV differ. */
export function wrongCsv(good: Good): readonly Malformed[] {
  const post = postOf(good);
  const { body } = good;
  const values = body.split(",");
  const first = values.slice(0, -1).join(",");
  const but = (text: string) => (first === "" ? text : `${first},${text}`);
  const bodies: readonly (readonly [string, Must, string])[] = [
    ["words in place of values", "refuse", "hello,world"],
    ["a row without its last value", "refuse", first === "" ? "," : first],
    ["a row with one value too many", "refuse", `${body},0`],
    ["a row twice as long", "refuse", `${body},${body}`],
    ["a row of 10,000 values", "refuse", "0,".repeat(9_999) + "0"],
    ["commas alone", "refuse", values.map(() => "").join(",") + ","],
    ["a word as a value", "refuse", but("hello")],
    ["no value at its end", "refuse", but("")],
    ["rows of two lengths", "refuse", `${body}\n${body},0`],
    ["another separator", "refuse", values.length > 1 ? values.join(";") : "1;2"],
    ["tabs between values", "refuse", values.length > 1 ? values.join("\t") : "1\t2"],
    ["JSON in place of CSV", "refuse", JSON.stringify({ rows: "hello" })],
    ["XML in place of CSV", "refuse", "<row><x>1</x></row>"],
    ["a quote that does not end", "refuse", `"${body}`],
    ["half of a row", "refuse", first.slice(0, Math.ceil(first.length / 2)) || "-"],
    ["a number as two", "refuse", but("1 2")],
    ["two points in a number", "refuse", but("1.2.3")],
    ["null as a value", "refuse", but("null")],
    ["a list as a value", "refuse", but("[1]")],
    ["a header before the row", "survive", `${values.map((_, at) => `x${at}`).join(",")}\n${body}`],
    ["quotes around each value", "survive", values.map((one) => `"${one}"`).join(",")],
    ["spaces after each comma", "survive", values.join(", ")],
    ["a line break at its end", "survive", `${body}\n`],
    ["carriage returns at its end", "survive", `${body}\r\n\r\n`],
    ["an empty line before the row", "survive", `\n${body}`],
    ["NaN as a value", "survive", but("NaN")],
    ["infinity as a value", "survive", but("inf")],
    ["a number too large for a double", "survive", but("1e999")],
    ["a number of 5,000 digits", "survive", but("9".repeat(5000))],
    ["a hexadecimal number", "survive", but("0x10")],
    ["true as a value", "survive", but("true")],
    ["minus zero", "survive", but("-0")],
    ["a formula as a value", "survive", but("=1+1")],
    ["10,000 rows", "survive", Array.from({ length: 10_000 }, () => body).join("\n")],
    ["a character of zero in a value", "survive", but("1\u0000")],
  ];
  return bodies.map(([what, must, text]) => post(what, must, text));
}
