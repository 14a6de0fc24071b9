import type { WrittenConfig } from "../support/pulumi-mocks.ts";
import {
  EXISTING_VPC,
  HTTPS,
  SHARED,
  TOKEN,
  NEW_TOKEN,
  TWO_SLOTS,
  ZONE,
  IMAGE,
  OTHER_IMAGE,
} from "./configs.ts";

const POLICY = "arn:aws:iam::123456789012:policy/reads-models";
const TOPIC = "arn:aws:sns:us-east-1:123456789012:releases";
const SECRETS = {
  API_KEY: "arn:aws:secretsmanager:us-east-1:123456789012:secret:model/api-key-AbCdEf",
  SALT: "arn:aws:ssm:us-east-1:123456789012:parameter/model/salt",
};

/** Configurations whose resources differ in what AWS is asked for. */
export const CONFIGURATIONS: Readonly<
  Record<string, { readonly written: WrittenConfig; readonly stack?: string }>
> = {
  "an empty stack": { written: {} },
  "its own listener": { written: TWO_SLOTS },
  "a shared listener": {
    written: { ...TWO_SLOTS, testToken: TOKEN, network: { ...SHARED, hostHeaders: ["model.example.com"] } },
  },
  "HTTPS with a certificate": {
    written: { ...TWO_SLOTS, service: HTTPS, testToken: `${TOKEN},${NEW_TOKEN}` },
  },
  "HTTPS with a hosted zone": { written: { ...TWO_SLOTS, service: ZONE } },
  "GPUs on instances": {
    written: {
      ...TWO_SLOTS,
      network: EXISTING_VPC,
      service: { capacity: "ec2", capacityProvider: "gpu-instances", gpus: 2, cpu: 4000, memory: 15_000 },
    },
  },
  "Fargate Spot": { written: { ...TWO_SLOTS, service: { capacity: "fargateSpot" } } },
};
