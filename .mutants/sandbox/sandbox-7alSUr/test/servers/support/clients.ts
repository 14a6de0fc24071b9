/** What a program that uses these servers sends, and where it finds the answer: written, so that nothing of the product says what is right. */

import type { EnvironmentName } from "./environments.ts";

export interface Request {
  readonly path: string;
  readonly body: unknown;
}

export interface Server {
  /** In images.json. */
  readonly image: string;
  readonly modelVersion: string;
  /** Where it is installed. */
  readonly environment: EnvironmentName;
  /** That deploy has to find out. */
  readonly protocol: string;
  readonly request: (input: Input) => Request;
  /** The answer in the body of a 200. Its shape is the server's. */
  readonly answer: (body: never) => unknown;
}

export interface Input {
  readonly features: readonly number[];
  readonly text: string;
}

const onPredict = ({ features }: Input) => ({ path: "/predict", body: { features } });

export const FLASK: Server = {
  image: "flask:1",
  modelVersion: "1",
  environment: "fastapi",
  protocol: "flask",
  request: onPredict,
  answer: ({ prediction }: { prediction: readonly number[] }) => prediction[0],
};

export const FASTAPI: Server = {
  image: "fastapi:2",
  modelVersion: "2",
  environment: "fastapi",
  protocol: "flask",
  request: onPredict,
  answer: ({ prediction }: { prediction: number }) => prediction,
};

export const MLSERVER: Server = {
  image: "mlserver:3",
  modelVersion: "3",
  environment: "mlserver",
  protocol: "open-inference",
  request: ({ features }) => ({
    path: "/v2/models/digits/infer",
    body: { inputs: [{ name: "x", shape: [1, features.length], datatype: "FP64", data: features }] },
  }),
  answer: ({ outputs }: { outputs: readonly { data: readonly number[] }[] }) => outputs[0]?.data[0],
};

export const MLFLOW: Server = {
  image: "mlflow:4",
  modelVersion: "4",
  environment: "mlflow",
  protocol: "mlflow",
  request: ({ features }) => ({ path: "/invocations", body: { inputs: [features] } }),
  answer: ({ predictions }: { predictions: readonly number[] }) => predictions[0],
};

export const BENTOML: Server = {
  image: "bentoml:5",
  modelVersion: "5",
  environment: "bentoml",
  protocol: "bentoml",
  request: onPredict,
  answer: (label: number) => label,
};

export const KSERVE: Server = {
  image: "kserve:6",
  modelVersion: "6",
  environment: "kserve",
  protocol: "kserve-v1",
  request: ({ features }) => ({ path: "/v1/models/digits:predict", body: { instances: [features] } }),
  answer: ({ predictions }: { predictions: readonly number[] }) => predictions[0],
};

export const LITELLM: Server = {
  image: "litellm:1",
  modelVersion: "1",
  environment: "litellm",
  protocol: "openai",
  request: ({ text }) => ({
    path: "/v1/chat/completions",
    body: { model: "helper", messages: [{ role: "user", content: text }] },
  }),
  answer: ({ choices }: { choices: readonly { message: { content: string } }[] }) =>
    choices[0]?.message.content,
};

export const TEXT_FLASK: Server = {
  image: "text-flask:2",
  modelVersion: "2",
  environment: "fastapi",
  protocol: "flask",
  request: ({ text }) => ({ path: "/predict", body: { text } }),
  answer: ({ prediction }: { prediction: string }) => prediction,
};
