import { describe, expect, it } from "vitest";
import { timeline } from "../../cli/demo/timeline.ts";
import { demoMinutes, demoPicture } from "../../tools/demo-picture/draw.ts";

/** As the demo itself prints it: a request in the second minute, on green. */
const printedWith = (status: number) =>
  timeline({
    answers: [
      { realMs: 0, seconds: 0.01, status: 200, version: "1" },
      { realMs: 2_100, seconds: 0.01, status, version: "2" },
    ] as unknown as Parameters<typeof timeline>[0]["answers"],
    changes: [
      { realMs: 2_000, shares: { blue: 90, green: 10 }, note: "v2-g3 starts at 10 % (--skip-tests)" },
    ],
    slotOf: { "1": "blue", "2": "green" },
    speed: 30,
    slowSeconds: 1,
  });
const printed = printedWith(500);

describe("the picture in the README", () => {
  it("is read from what the demo prints", () => {
    expect(demoMinutes(printed)).toMatchObject([
      { minute: 0, blue: { share: 100, asked: 1 }, green: { share: 0 }, note: "" },
      { minute: 1, blue: { share: 90 }, green: { share: 10 }, note: "v2-g3 starts at 10 % (--skip-tests)" },
    ]);
  });

  it("says in its title what users got, and shows each change of the traffic share", () => {
    const picture = demoPicture(printed);
    expect(picture).toMatch(/A real run of npm run demo: 2 requests of users, \d failed/);
    expect(picture).toContain("v2 10 %");
    expect(picture.match(/<animate /g)).toHaveLength(2);
  });

  it("says how many a model answered that fails no request and answers wrongly", () => {
    expect(demoPicture(printedWith(200))).toContain(
      "2 requests of users, none failed, and 1 answered by the model",
    );
  });

  it("is not drawn from nothing", () => {
    expect(() => demoPicture("npm error")).toThrow("printed no minute");
  });
});
