import * as v from "valibot";
import { parse } from "yaml";
import { isTooDeep } from "../../protocols/depth.ts";

const File = v.object({ signature: v.optional(v.nullable(v.object({ inputs: v.nullable(v.string()) }))) });
const Columns = v.array(
  v.object({
    name: v.optional(v.string()),
    type: v.string(),
    "tensor-spec": v.optional(v.object({ dtype: v.string(), shape: v.array(v.number()) })),
  }),
);

/**
 * What a model takes, in words, of the file `MLmodel` beside it (mlflow.org/docs/latest/ml/model/signatures); undefined:
 * it has no signature, or another one than columns and tensors.
 */
export function signatureWords(file: string): string | undefined {
  // The time of the parser grows with the square of the levels.
  if (isTooDeep(file)) return undefined;
  const model = v.safeParse(File, parse(file));
  const inputs = model.success ? model.output.signature?.inputs : undefined;
  if (inputs === undefined || inputs === null) return undefined;
  const columns = v.safeParse(Columns, JSON.parse(inputs));
  if (!columns.success) return undefined;
  const words = columns.output.map(({ name, type, "tensor-spec": tensor }) => {
    const what = tensor === undefined ? type : `${tensor.dtype}[${tensor.shape.join(", ")}]`;
    return name === undefined ? what : `${name}: ${what}`;
  });
  return words.join(", ");
}
