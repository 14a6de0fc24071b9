import { isRecord } from "../../contract/config/field.ts";
import { jsonOf } from "./ask.ts";
import { objectOf, withVersion, wordOf } from "./answers.ts";
import { defineProtocol, USUAL, type ToldModel, type ServedModel } from "./define.ts";

const VERSION = "modelVersion";

const pageOf = (path: string) => ({ method: "GET", path }) as const;

const modelOf = ({ predictPath, usual = USUAL }: ToldModel): ServedModel => ({
  predictPath: predictPath ?? usual.predictPath,
  healthPath: "/health",
  metadataPath: usual.metadataPath,
  inputs: [],
  contentType: "application/json",
});

/** The example's own: the request is the example as it stands, the answer `{prediction, modelVersion}`. */
export const definition = defineProtocol({
  name: "bluegreen",
  title: "prediction with its version",
  servers: "services that name their version in every answer, as examples/digits does",
  source: "examples/digits/README.md",
  order: 60,
  probes: ({ usual = USUAL }) => [pageOf(usual.metadataPath)],
  recognise(replies, said) {
    const { metadataPath } = said.usual ?? USUAL;
    const metadata = objectOf(replies(pageOf(metadataPath)));
    const version = wordOf(metadata?.[VERSION]);
    if (version === undefined) return undefined;
    return { version, ...modelOf(said) };
  },
  assumed: modelOf,
  body: (_, [input]) => JSON.stringify(input),
  read(reply) {
    const body = jsonOf(reply);
    if (!isRecord(body)) return { flaw: "no JSON object" };
    const { prediction } = body;
    const read = prediction === undefined ? { flaw: "no prediction" } : { values: [prediction] };
    return withVersion(read, wordOf(body[VERSION]));
  },
  namesVersion: true,
  batches: false,
  answers: "all",
});
