import { stackFiles } from "../../validation/adapters/pulumi/revision.ts";
import { diff, diffOfFiles } from "../../validation/insight/diff.ts";
import { runFlow, type FlowOptions } from "../flow.ts";
import { showDiff } from "../view/diff.ts";

/** `npx bluegreen diff`: against what is deployed, or, with `--base`, against the file of another revision. */
export async function diffVerb(options: FlowOptions & { readonly base?: string }): Promise<void> {
  const { base } = options;
  await runFlow(
    options,
    "reads",
    base === undefined ? diff : async (_context, target) => diffOfFiles(await stackFiles(target, base)),
    showDiff,
  );
}
