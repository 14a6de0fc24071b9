import { isRecord } from "../../../contract/config/field.ts";
import { postOf, type Good, type Malformed, type Must } from "./input.ts";
import { withAt } from "./rows.ts";

/** Tensors of the Open Inference Protocol that do not say what they hold. */
export function wrongTensors(good: Good, value: unknown): readonly Malformed[] {
  if (!isRecord(value)) return [];
  const { inputs } = value;
  const first: unknown = Array.isArray(inputs) ? inputs[0] : undefined;
  if (!isRecord(first) || !Array.isArray(first["shape"])) return [];
  const post = postOf(good);
  const { shape, datatype: _datatype, data: _data, name: _name, ...rest } = first;
  const [rows = 1, ...sizes] = shape;
  const own = (other: Readonly<Record<string, unknown>>) => ({ ...first, ...other });
  const tensors: readonly (readonly [string, Must, unknown])[] = [
    ["a shape with more values than the data", "refuse", own({ shape: [rows, ...sizes, 7] })],
    ["a shape with a size below zero", "refuse", own({ shape: [-2, ...sizes] })],
    ["a shape of nothing", "refuse", own({ shape: [0] })],
    ["a shape of words", "refuse", own({ shape: ["one", "two"] })],
    ["a shape of halves", "refuse", own({ shape: [0.5, 2] })],
    ["a shape of a billion billions", "refuse", own({ shape: [1e9, 1e9] })],
    ["a datatype that does not exist", "refuse", own({ datatype: "FP7" })],
    ["a datatype of number", "refuse", own({ datatype: 64 })],
    [
      "a tensor without a shape",
      "refuse",
      { ...rest, name: first["name"], datatype: first["datatype"], data: first["data"] },
    ],
    ["a tensor without data", "refuse", { ...rest, name: first["name"], datatype: first["datatype"], shape }],
    ["a tensor without a datatype", "refuse", { ...rest, name: first["name"], data: first["data"], shape }],
    [
      "a tensor without a name",
      "refuse",
      { ...rest, datatype: first["datatype"], data: first["data"], shape },
    ],
    ["a tensor with another name", "survive", own({ name: "bluegreen-no-such-input" })],
    ["a datatype that does not fit the data", "survive", own({ datatype: "BYTES" })],
  ];
  const twice = post("a tensor twice", "survive", JSON.stringify({ ...value, inputs: [first, first] }));
  return [
    ...tensors.map(([what, must, tensor]) =>
      post(what, must, JSON.stringify(withAt(value, ["inputs", 0], tensor))),
    ),
    twice,
  ];
}

/** Messages of a chat that no model can answer. */
export function wrongTurns(good: Good, value: unknown): readonly Malformed[] {
  if (!isRecord(value) || !Array.isArray(value["messages"])) return [];
  const post = postOf(good);
  const said = (messages: unknown) => ({ ...value, messages });
  const turns: readonly (readonly [string, Must, unknown])[] = [
    ["a message without a role", "refuse", said([{ content: "hello" }])],
    ["a message of an unknown role", "refuse", said([{ role: "bluegreen", content: "hello" }])],
    ["a message whose text is a number", "refuse", said([{ role: "user", content: 12 }])],
    ["a message without a text", "survive", said([{ role: "user" }])],
    ["a message of null", "refuse", said([null])],
    ["messages as an object", "refuse", said({ role: "user", content: "hello" })],
    ["fewer tokens than none", "refuse", { ...value, max_tokens: -1 }],
    ["tokens as a word", "refuse", { ...value, max_tokens: "many" }],
    ["a temperature below zero", "refuse", { ...value, temperature: -3 }],
    ["a temperature as a word", "refuse", { ...value, temperature: "hot" }],
    ["no answers at all", "survive", { ...value, n: 0 }],
    ["a stream that is neither yes nor no", "survive", { ...value, stream: "perhaps" }],
  ];
  return turns.map(([what, must, body]) => post(what, must, JSON.stringify(body)));
}
