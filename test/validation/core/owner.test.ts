import { describe, expect, test } from "vitest";
import { personOf, readOwner, showOwner, standingOf, type Fate } from "../../../validation/core/owner.ts";

const since = "2026-01-01T00:00:00.000Z";
const owner = (host: string, pid: number, run?: string) => showOwner({ user: "ann", host, pid, since, run });
const FATES: Readonly<Record<string, Fate>> = { r1: "runs", r2: "ended" };

describe("the owner of a release", () => {
  test.each([undefined, "6f9619ff-8b86-d011-b42d-00c04fc964ff"])(
    "is read as it was written, run %s",
    (run) => {
      const ann = { user: "ann@corp", host: "box", pid: 7, since, run };
      expect(readOwner(showOwner(ann))).toEqual(ann);
      expect(personOf(showOwner(ann))).toBe("ann@corp@box");
      expect(personOf("workflow 12")).toBe("workflow 12");
    },
  );

  test("of version 0.1 is read, too", () => {
    const text = "ann@box:7 since 2026-01-01T00:00:00.000Z";
    expect(readOwner(text)).toEqual({ user: "ann", host: "box", pid: 7, since, run: undefined });
  });

  test.each([
    ["something stands behind its run", `${owner("box", 17, "r1")} later`],
    ["something stands behind its time", `${owner("box", 17)} ran r1`],
    ["its process is no number", `ann@box:x7 since ${since}`],
  ])("is none when %s", (_title, text) => {
    expect(readOwner(text)).toBeUndefined();
  });

  test("has a process of any number of digits", () => {
    expect(readOwner(owner("box", 4_194_304))?.pid).toBe(4_194_304);
  });

  test("without a run is asked of nobody, whatever this machine would say", () => {
    expect(standingOf(owner("box", 9), owner("box", 7, "mine"), () => "ended")).toBe("elsewhere");
  });

  test.each([
    ["no owner", "", "nobody"],
    ["the process itself", owner("box", 7, "mine"), "me"],
    ["a run of this machine that goes on", owner("box", 8, "r1"), "alive"],
    ["a run of this machine that has ended", owner("box", 9, "r2"), "gone"],
    ["a run that is known here, whatever its host is called", owner("renamed", 9, "r2"), "gone"],
    ["another run of the same host name and pid", owner("box", 7, "r3"), "elsewhere"],
    ["a process of this host name that 0.1 wrote", owner("box", 9), "elsewhere"],
    ["a text that names no process", "ann@box", "elsewhere"],
  ] as const)("%s", (_title, theirs, standing) => {
    expect(standingOf(theirs, owner("box", 7, "mine"), (run) => FATES[run] ?? "unknown")).toBe(standing);
  });
});
