import { execFileSync } from "node:child_process";
import { userInfo } from "node:os";
import { describe, expect, it } from "vitest";

const FILES = [
  "../../../../validation/adapters/processes/user-name.ts",
  "../../../../packages/pulumi-engine/state/user-name.ts",
];
/** A user of which the machine has no name, as a container may have one. */
const NAMELESS = 54_321;
const isRoot = process.getuid?.() === 0;

describe.each(FILES)("the name of who runs this, %s", (file) => {
  const said = (own: object) =>
    execFileSync(
      process.execPath,
      [
        "--input-type=module-typescript",
        "--eval",
        `const { userName } = await import(${JSON.stringify(new URL(file, import.meta.url).href)}); process.stdout.write(userName());`,
      ],
      { env: {}, encoding: "utf8", ...own },
    );

  it("is that of the machine's user database", () => {
    expect(said({})).toBe(userInfo().username);
  });

  it.skipIf(!isRoot)(
    `is a number where the machine has no name${isRoot ? "" : " (skipped: only root can run as somebody else)"}`,
    () => {
      expect(said({ uid: NAMELESS, gid: NAMELESS, cwd: "/" })).toBe(`uid-${NAMELESS}`);
    },
  );
});
