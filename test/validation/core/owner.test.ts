import { describe, expect, test } from "vitest";
import { personOf, readOwner, showOwner, standingOf } from "../../../validation/core/owner.ts";

const owner = (host: string, pid: number, since = "2026-01-01T00:00:00.000Z") =>
  showOwner({ user: "ann", host, pid, since });

describe("the owner of a release", () => {
  test("is read as it was written", () => {
    const ann = { user: "ann@corp", host: "box", pid: 7, since: "2026-01-01T00:00:00.000Z" };
    expect(readOwner(showOwner(ann))).toEqual(ann);
    expect(personOf(showOwner(ann))).toBe("ann@corp@box");
    expect(personOf("workflow 12")).toBe("workflow 12");
  });

  test.each([
    ["no owner", "", "nobody"],
    ["the process itself", owner("box", 7), "me"],
    ["a process of this host that runs", owner("box", 8), "alive"],
    ["a process of this host that has ended", owner("box", 9), "gone"],
    ["a process that had this pid before", owner("box", 7, "2025-12-31T00:00:00.000Z"), "gone"],
    ["a process of another host", owner("other", 8), "elsewhere"],
    ["a process of another host with this pid", owner("other", 7), "elsewhere"],
    ["a text that names no process", "ann@box", "elsewhere"],
  ] as const)("%s", (_title, theirs, standing) => {
    expect(standingOf(theirs, owner("box", 7), (pid) => pid === 7 || pid === 8)).toBe(standing);
  });
});
