import { describe, expect, it } from "vitest";
import { readPage } from "../../../agent/scrape/page.ts";

const read = (text: string, isOpenMetrics = false, wanted = ["a", "a_total", "a_bucket"]) =>
  readPage(text, isOpenMetrics, new Set(wanted)).samples;

describe("a page of metrics", () => {
  it("is read with labels, escapes, exponents, infinities and timestamps (Prometheus, Exposition formats)", () => {
    const text = [
      "# HELP a Something",
      "# TYPE a untyped",
      "a 3",
      'a{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9 1395066363000',
      'a { method = "post" , code = "400" , } -Inf -3982045',
      "a{} +Inf",
      'a{x="}"} .5',
      "\ta\t1E-3",
      "b{broken} x",
      "",
      "",
    ].join("\n");
    expect(read(text)).toEqual([
      { name: "a", labels: {}, value: 3 },
      {
        name: "a",
        labels: { path: "C:\\DIR\\FILE.TXT", error: 'Cannot find file:\n"FILE.TXT"' },
        value: 1458255915,
      },
      { name: "a", labels: { method: "post", code: "400" }, value: -Infinity },
      { name: "a", labels: {}, value: Infinity },
      { name: "a", labels: { x: "}" }, value: 0.5 },
      { name: "a", labels: {}, value: 0.001 },
    ]);
    expect(read("a NaN\n")[0]?.value).toBeNaN();
  });

  it("is read in OpenMetrics, exemplars and all", () => {
    const text = [
      "# TYPE a histogram",
      'a_bucket{le="1.0"} 5 # {trace_id="x y"} 0.5 1395066363.5',
      'a_total{b="c"} 7.0 1395066363.5',
      "# EOF",
      "",
    ].join("\n");
    expect(read(text, true).map(({ value }) => value)).toEqual([5, 7]);
  });

  it("is refused when it was cut", () => {
    expect(() => read("a 1\na 12")).toThrow("it was cut");
    expect(() => read("a 1\na 12\n", true)).toThrow("it was cut");
    expect(() => read("")).toThrow("it was cut");
  });

  it("is refused where a line that is wanted cannot be read, and only there", () => {
    expect(() => read('a{b="c" 1\n')).toThrow("cannot be read");
    expect(() => read("a one\n")).toThrow("has no number");
    expect(read('other{b="c" 1\nother one\na 1\n')).toHaveLength(1);
  });

  it("with thousands of series is read in a few milliseconds", () => {
    const many = Array.from({ length: 20_000 }, (_, at) => `other_bucket{le="${at}",model="m"} ${at}`).join(
      "\n",
    );
    expect(read(`${many}\na 1\n`)).toHaveLength(1);
  });
});
