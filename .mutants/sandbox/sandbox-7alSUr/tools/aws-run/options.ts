import { isIPv4 } from "node:net";
import { parseArgs } from "node:util";
import { UserError } from "../../validation/errors.ts";
import { STEPS, type ExperimentStep } from "./experiments.ts";
import { USUAL_LIMITS, type Limits } from "./plan.ts";

export type Options =
  | { readonly kind: "help" }
  | { readonly kind: "dryRun"; readonly limits: Limits; readonly steps: readonly ExperimentStep[] }
  | (RunPlace & { readonly kind: "teardown"; readonly run: string | undefined; readonly minutes: number })
  | (RunPlace & {
      readonly kind: "go";
      readonly limits: Limits;
      readonly steps: readonly ExperimentStep[];
      /** Subnets in two zones or more that lead to the internet; none: those of the default VPC. */
      readonly subnets: readonly string[];
      readonly images: Images;
      /** The address that the run's requests come from; undefined: AWS is asked. */
      readonly from: string | undefined;
    });

export interface RunPlace {
  readonly account: string;
  readonly region: string;
}

/** Two images that differ, each answering with its version: as `answering.ts` has it, or as the digits example. */
export interface Images {
  readonly one: string;
  readonly two: string;
}

// The versions of Node that a public registry keeps; each is told what to answer by its command.
const PUBLIC_IMAGES: Images = {
  one: "public.ecr.aws/docker/library/node:22-alpine",
  two: "public.ecr.aws/docker/library/node:24-alpine",
};

export const HELP = `npm run test:aws                                  what a run would do, make and cost; needs no account
npm run test:aws -- --go --account <number> --region <region>
npm run test:aws -- --teardown --account <number> --region <region> [--run <id>]

  --budget <USD>         most that it may cost (${USUAL_LIMITS.usd})
  --minutes <minutes>    most that it may last, with the teardown (${USUAL_LIMITS.minutes})
  --only <a>,<b>         these experiments alone: ${STEPS.map(({ id }) => id).join(", ")}
  --subnets <a>,<b>      subnets with a way to the internet, in two zones; else those of the default VPC
  --from <address>       IPv4 address that your requests come from; else checkip.amazonaws.com is asked
  --images <one>,<two>   images in place of ${PUBLIC_IMAGES.one} and …${PUBLIC_IMAGES.two.slice(-9)},
                         which answer /predict as the digits example does, versions 1 and 2`;

/** Reads the command line. @throws UserError BG329 for what cannot be read or does not go together. */
export function readOptions(args: readonly string[], environment: NodeJS.ProcessEnv): Options {
  const { values } = parse(args);
  if (values.help === true) return { kind: "help" };
  if (values.go === true && values.teardown === true) throw wrong("--go and --teardown are two commands.");
  const limits = {
    usd: positive("--budget", values.budget, USUAL_LIMITS.usd),
    minutes: positive("--minutes", values.minutes, USUAL_LIMITS.minutes),
  };
  const steps = stepsOf(listed(values.only));
  if (values.go !== true && values.teardown !== true) return { kind: "dryRun", limits, steps };
  const region = values.region ?? environment["AWS_REGION"] ?? "";
  if (region === "") throw wrong("No region: --region <region>, or AWS_REGION.");
  const account = values.account ?? "";
  if (!/^\d{12}$/.test(account))
    throw wrong(`--account got "${account}"; it takes the account's twelve digits.`);
  if (values.teardown === true)
    return { kind: "teardown", account, region, run: values.run, minutes: limits.minutes };
  const subnets = listed(values.subnets);
  if (subnets.length === 1) throw wrong("--subnets takes two or more, in two zones.");
  const { from } = values;
  if (from !== undefined && !isIPv4(from)) throw wrong(`--from got "${from}"; it takes an IPv4 address.`);
  const images = imagesOf(listed(values.images));
  return { kind: "go", account, region, limits, steps, subnets, images, from };
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        account: text,
        region: text,
        budget: text,
        minutes: text,
        only: text,
        subnets: text,
        images: text,
        from: text,
        run: text,
        go: flag,
        teardown: flag,
        help: flag,
      },
    });
  } catch (error) {
    throw wrong(`${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** The experiments that are asked for, with what they stand on. */
function stepsOf(only: readonly string[]): readonly ExperimentStep[] {
  if (only.length === 0) return STEPS;
  const unknown = only.filter((id) => !STEPS.some((step) => step.id === id));
  if (unknown.length > 0)
    throw wrong(`--only got ${unknown.join(", ")}; there are ${STEPS.map(({ id }) => id).join(", ")}.`);
  const asked = STEPS.filter(({ id }) => only.includes(id));
  const needed = asked.flatMap(({ id, lane }) => [
    id,
    ...(lane === "requests" || id === "zones" ? ["base"] : []),
    ...(id === "rights" ? ["release"] : []),
  ]);
  return STEPS.filter(({ id }) => needed.includes(id));
}

function imagesOf(images: readonly string[]): Images {
  if (images.length === 0) return PUBLIC_IMAGES;
  const [one, two, ...more] = images;
  if (one === undefined || two === undefined || one === two || more.length > 0)
    throw wrong("--images takes two that differ.");
  return { one, two };
}

function positive(name: string, text: string | undefined, usual: number): number {
  if (text === undefined) return usual;
  const value = Number(text);
  if (!(value > 0 && value < Infinity)) throw wrong(`${name} got "${text}"; it takes a number above 0.`);
  return value;
}

const listed = (text: string | undefined) => (text ?? "").split(",").filter((one) => one !== "");
const wrong = (what: string) => new UserError("BG329", what);
