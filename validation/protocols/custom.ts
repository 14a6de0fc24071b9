import { isRecord } from "../../contract/config/field.ts";
import type { CustomProtocol } from "../../contract/config/custom-protocol.ts";
import { jsonOf } from "./ask.ts";
import { withVersion, wordOf } from "./answers.ts";
import { defineProtocol, USUAL, type ToldModel, type ServedModel } from "./define.ts";
import { rowOf, textOf } from "./inputs.ts";
import { pointed } from "./pointer.ts";

const modelOf = ({ predictPath, usual = USUAL, custom }: ToldModel): ServedModel => ({
  predictPath: predictPath ?? usual.predictPath,
  healthPath: "/",
  inputs: [],
  contentType: "application/json",
  ...(custom === undefined ? {} : { custom }),
});

/** What `service.customProtocol` describes. It is never guessed: whoever has described it is believed. */
export const definition = defineProtocol({
  name: "custom",
  title: "one of your own, as `service.customProtocol` describes it",
  servers: "any JSON over HTTP",
  source: "https://www.rfc-editor.org/rfc/rfc6901",
  order: 90,
  probes: () => [],
  recognise: (_, said) => (said.custom === undefined ? undefined : modelOf(said)),
  body: ({ custom }, [input]) => JSON.stringify(filled(custom?.request, input)),
  read(reply, _, { custom }) {
    const body = jsonOf(reply);
    if (custom === undefined || body === undefined) return { flaw: "no JSON" };
    const version = custom.version === undefined ? undefined : wordOf(pointed(body, custom.version));
    return withVersion(valueIn(body, custom), version);
  },
  namesVersion: false,
  batches: false,
  answers: "all",
});

function valueIn(body: unknown, { prediction, error }: CustomProtocol) {
  const said = error === undefined ? undefined : pointed(body, error);
  if (said !== undefined && said !== null) return { flaw: `an error at ${error}` };
  const value = pointed(body, prediction);
  return value === undefined ? { flaw: `nothing at ${prediction}` } : { values: [value] };
}

/** The template with the example in the places that are for it. */
function filled(template: unknown, input: unknown): unknown {
  if (template === "{{input}}") return input;
  if (template === "{{row}}") return rowOf(input);
  if (template === "{{text}}") return textOf(input) ?? JSON.stringify(input);
  if (Array.isArray(template)) return template.map((one) => filled(one, input));
  if (!isRecord(template)) return template;
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, filled(value, input)]));
}
