import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const WAIT = fileURLToPath(new URL("../../provider/aws/ecs/wait.ts", import.meta.url));

it("a wait for a service does not keep a local cloud alive that has been stopped", () => {
  const script = `const { gone, realPause } = await import(${JSON.stringify(WAIT)}); void gone(async () => ({}), realPause);`;
  // The bound is long before the wait's own.
  const { signal, status } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    timeout: 20_000,
  });
  expect({ signal, status }).toEqual({ signal: null, status: 0 });
});
