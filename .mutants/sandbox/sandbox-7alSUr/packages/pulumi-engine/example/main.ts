import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEngine } from "pulumi-engine";
import type { Properties, Provider } from "pulumi-engine/values/provider.ts";

/** A provider whose resources are notes in memory. */
const notes = new Map<string, Properties>();
const provider: Provider = {
  check: async ({ news }) => ({ inputs: news, failures: [] }),
  diff: async ({ olds, news }) => ({
    changes: olds["text"] === news["text"] ? [] : ["text"],
    replaces: [],
    deleteBeforeReplace: false,
  }),
  async create({ inputs }) {
    const id = `note-${notes.size + 1}`;
    notes.set(id, inputs);
    return { id, outputs: inputs };
  },
  async update({ id, news }) {
    notes.set(id, news);
    return { outputs: news };
  },
  async delete({ id }) {
    notes.delete(id);
  },
  async read({ id }) {
    const outputs = notes.get(id);
    return outputs && { inputs: outputs, outputs };
  },
  invoke: async ({ token }) => {
    throw new Error(`there is no ${token}`);
  },
};

const stateDirectory = await mkdtemp(join(tmpdir(), "notes-"));
const engine = await createEngine({
  stateDirectory,
  provider,
  components: { constructs: () => false, construct: async () => ({ outputs: {} }) },
});
const cwd = join(import.meta.dirname, "program");
for (const line of ["stack init dev", "up --yes", "destroy --yes"]) {
  const { code } = await engine.runPulumi(line.split(" "), { cwd });
  console.log(`pulumi ${line}: exit code ${code}, ${JSON.stringify([...notes.values()])}`);
}
await rm(stateDirectory, { recursive: true });
