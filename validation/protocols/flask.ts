import { isRecord } from "../../contract/config/field.ts";
import { jsonOf } from "./ask.ts";
import { objectOf, withVersion, wordOf } from "./answers.ts";
import { defineProtocol } from "./define.ts";

const PREDICT = "/predict";
/** What tutorials call the answer. */
const MEMBERS = ["prediction", "predictions", "result", "output"] as const;

const asked = (path: string, example: unknown) =>
  ({ method: "POST", path, body: JSON.stringify(example) }) as const;

/** One route and nothing to read beside it: it is known by its answer to an example. */
export const definition = defineProtocol({
  name: "flask",
  title: "one POST route, as in tutorials",
  servers: "Flask and FastAPI services of one's own",
  source: "https://flask.palletsprojects.com/en/stable/quickstart/",
  order: 70,
  probes: ({ predictPath = PREDICT }, example) => [asked(predictPath, example)],
  recognise(replies, { predictPath = PREDICT, healthPath = "/", metadataPath }, example) {
    const answer = objectOf(replies(asked(predictPath, example)));
    if (answer === undefined || !MEMBERS.some((member) => Object.hasOwn(answer, member))) return undefined;
    return {
      predictPath,
      healthPath,
      ...(metadataPath === undefined ? {} : { metadataPath }),
      inputs: [],
      contentType: "application/json",
    };
  },
  body: (_, [input]) => JSON.stringify(input),
  read(reply) {
    const body = jsonOf(reply);
    if (!isRecord(body)) return { flaw: "no JSON object" };
    const member = MEMBERS.find((name) => Object.hasOwn(body, name));
    if (member === undefined) return { flaw: `none of ${MEMBERS.join(", ")}` };
    const value = body[member];
    // scikit-learn answers a list for the one row that it was given.
    const values = [Array.isArray(value) && value.length === 1 ? value[0] : value];
    return withVersion({ values }, wordOf(body["modelVersion"] ?? body["model_version"] ?? body["version"]));
  },
  batches: false,
});
