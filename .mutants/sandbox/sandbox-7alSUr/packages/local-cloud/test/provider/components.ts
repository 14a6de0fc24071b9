import { UNKNOWN, type Child, type Properties } from "../../../pulumi-engine/values/provider.ts";
import { awsxComponents } from "../../provider/awsx.ts";
import { urnOf, type TestCloud } from "./cloud.ts";

export interface Registration extends Child {
  readonly urn: string;
  readonly id: string;
}

/**
 * Expands a component as an engine does: children are checked, and created unless this is a preview, in which their
 * ids are UNKNOWN and their outputs are no more than their inputs.
 */
export async function expand(
  { provider }: Pick<TestCloud, "provider">,
  mode: "preview" | "up",
  component: { type: string; name: string; inputs: Properties },
): Promise<{ outputs: Properties; children: Registration[] }> {
  const children: Registration[] = [];
  const urn = urnOf(component.type, component.name);
  const { outputs } = await awsxComponents.construct({ ...component, urn }, async (child) => {
    const childUrn = urnOf(child.type, child.name);
    const { inputs, failures } = await provider.check({
      type: child.type,
      urn: childUrn,
      news: child.inputs,
    });
    if (failures.length > 0) throw new Error(`${childUrn}: ${JSON.stringify(failures)}`);
    const made =
      mode === "preview"
        ? { id: UNKNOWN, outputs: inputs }
        : await provider.create({ type: child.type, urn: childUrn, inputs });
    children.push({ ...child, inputs, urn: childUrn, id: made.id });
    return { urn: childUrn, ...made };
  });
  return { outputs, children };
}
