import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");

/** Names of types of this package, each as often as it is declared; a test may have its own. */
function declaredTypes(): readonly string[] {
  return readdirSync(ROOT, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/^(test|node_modules)\//.test(file))
    .flatMap((file) => [
      ...readFileSync(join(ROOT, file), "utf8").matchAll(/^(?:export )?(?:interface|type|class) (\w+)/gm),
    ])
    .map(([, name]) => String(name));
}

it("the name of a type means one thing in the whole package", () => {
  const names = declaredTypes();
  expect(names).toContain("EcsControl");
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
