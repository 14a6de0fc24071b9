import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ERRORS } from "../../validation/errors.ts";

const root = join(import.meta.dirname, "..", "..");

describe.each(["infra/start.js", "bootstrap/start.js"])(
  "%s under a Node that reads no TypeScript",
  (main) => {
    it("names the Node that there is, what is allowed, and what to do", () => {
      const { stderr, status } = spawnSync(process.execPath, ["--no-experimental-strip-types", main], {
        cwd: root,
        encoding: "utf8",
      });
      expect(stderr).toContain(
        `BG158: ${ERRORS.BG158.meaning} It is ${process.version} (${process.execPath})`,
      );
      expect(stderr).toContain("allowed is 22.18 or newer");
      expect(stderr).not.toContain("Unknown file extension");
      expect(status).not.toBe(0);
    });
  },
);
