import { dirname, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { javaScriptOf, OWN_ENDING } from "./strip-types.ts";

const root = join(import.meta.dirname, "..");

/**
 * The command of a container of a public Node image (22 or newer) that is the agent: the program stands in the command
 * itself, so that nobody has to publish an image. ECS takes a task definition of at most 64 KB, so it is packed.
 */
export function agentCommand(): readonly string[] {
  const packed = brotliCompressSync(agentProgram()).toString("base64");
  const unpack = `process.getBuiltinModule("node:zlib").brotliDecompressSync(Buffer.from("${packed}","base64")).toString("base64")`;
  return ["node", "--input-type=module", "--eval", `await import("data:text/javascript;base64,"+${unpack})`];
}

/**
 * The agent as one JavaScript module: each of its sources is a function that gives what it exports. Node strips types
 * from no text that it is given, so they are taken out here (as in infra/watchdog-code.ts).
 */
export function agentProgram(entry = "agent/main"): string {
  const modules = new Map<string, string>();
  const builtins = new Set<string>();
  const parts: string[] = [];
  const add = (file: string): string => {
    const known = modules.get(file);
    if (known !== undefined) return known;
    const name = `m${modules.size}`;
    modules.set(file, name);
    const source = withoutComments(javaScriptOf(join(root, file)));
    const body = source.replaceAll(IMPORT, (_, names: string, from: string) => {
      if (from.startsWith(".")) return `const {${renamed(names)}} = ${add(join(dirname(file), from))};`;
      builtins.add(from);
      return `const {${renamed(names)}} = ${builtinName(from)};`;
    });
    const exported = [...body.matchAll(EXPORT)].map(([, , exportedName]) => exportedName);
    parts.push(
      `const ${name} = (() => {\n${body.replaceAll(EXPORT, "$1$2")}\nreturn {${exported.join(",")}};\n})();`,
    );
    return name;
  };
  add(`${entry}${OWN_ENDING}`);
  const heads = [...builtins].map((from) => `import * as ${builtinName(from)} from "${from}";`);
  const program = [...heads, ...parts]
    .join("\n")
    // Where types stood there are spaces; no text of the agent has two of them in a row.
    .replaceAll(/ {2,}/g, " ")
    .replaceAll(/^\s+|\s+$/gm, "")
    .replaceAll(/\n{2,}/g, "\n");
  if (/^(import \{|export )/m.test(program))
    throw new Error("an import or export of the agent was not understood");
  return `${program}\n`;
}

const IMPORT = /^import\s*\{([^}]*)\}\s*from\s*"([^"]+)";/gm;
const EXPORT = /^export ((?:async )?(?:function|class|const) )(\w+)/gm;
const renamed = (names: string) =>
  names
    .trim()
    .replace(/,$/, "")
    .replaceAll(/\s+as\s+/g, ": ");
const builtinName = (from: string) => from.replaceAll(/\W/g, "_");

/** Comments stand on lines of their own in the agent; nothing else is taken for one. */
function withoutComments(source: string): string {
  return source.replaceAll(/^\s*\/\*\*[\s\S]*?\*\/[^\S\n]*$/gm, "").replaceAll(/^\s*\/\/.*$/gm, "");
}
