import { isRecord } from "../../contract/config/field.ts";
import { jsonOf } from "./ask.ts";
import { objectOf, withVersion, wordOf } from "./answers.ts";
import { defineProtocol, USUAL, type ToldModel, type ServedModel } from "./define.ts";

/** What tutorials call the answer. */
const MEMBERS = ["prediction", "predictions", "result", "output"] as const;

const asked = (path: string, example: unknown) =>
  ({ method: "POST", path, body: JSON.stringify(example) }) as const;

const pathOf = ({ predictPath, usual = USUAL }: ToldModel) => predictPath ?? usual.predictPath;

const modelOf = (said: ToldModel): ServedModel => ({
  predictPath: pathOf(said),
  // It has no page to be read: any answer of it is a sign of life.
  healthPath: "/",
  inputs: [],
  contentType: "application/json",
});

/** One route and nothing to read beside it: it is known by its answer to an example. */
export const definition = defineProtocol({
  name: "flask",
  title: "one POST route, as in tutorials",
  servers: "Flask and FastAPI services of one's own",
  source: "https://flask.palletsprojects.com/en/stable/quickstart/",
  order: 70,
  probes: (said, example) => [asked(pathOf(said), example)],
  recognise(replies, said, example) {
    const answer = objectOf(replies(asked(pathOf(said), example)));
    if (answer === undefined || !MEMBERS.some((member) => Object.hasOwn(answer, member))) return undefined;
    return modelOf(said);
  },
  assumed: modelOf,
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
  namesVersion: false,
  batches: false,
  answers: "all",
});
