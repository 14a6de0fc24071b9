import { definition as bentoml } from "./bentoml.ts";
import { definition as bluegreen } from "./bluegreen.ts";
import { definition as flask } from "./flask.ts";
import { definition as kserveV1 } from "./kserve-v1.ts";
import { definition as mlflow } from "./mlflow.ts";
import { definition as openInference } from "./open-inference.ts";
import { definition as openai } from "./openai.ts";
import { definition as sagemaker } from "./sagemaker.ts";
import type { Protocol } from "./define.ts";

export const ALL_PROTOCOLS: readonly Protocol[] = [
  bentoml,
  bluegreen,
  flask,
  kserveV1,
  mlflow,
  openInference,
  openai,
  sagemaker,
];
