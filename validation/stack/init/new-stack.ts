import { problem, showProblem, type Problem } from "../../../contract/checks/problem.ts";
import { networkFields, rolloutFields, serviceFields } from "../../../contract/config/sections.ts";
import { ANY_ANSWER } from "../../../contract/config/model-service.ts";
import { parseConfig } from "../../../contract/config/parse.ts";
import { updateProblems } from "../../../contract/transition/transition.ts";
import { UserError } from "../../errors.ts";
import {
  fieldOf,
  fieldsOf,
  isRegion,
  QUESTIONS,
  REGION_ALLOWED,
  REGION_KEY,
  unanswered,
  type Answers,
} from "./questions.ts";

/** Sections of a stack file by name, in order, each with its fields; a text is a value of its own. */
export type StackValues = Readonly<Record<string, string | Readonly<Record<string, unknown>>>>;

const { port, cpu, memory, startupSeconds, requestTimeoutSeconds, logDays } = serviceFields;
const { cidr, zones, nat } = networkFields;
const { steps, bakeMinutes, deadlineMinutes, watchdog, protect } = rolloutFields;

/**
 * What a stack in production has unless its maker says something else: the contract's own defaults, written down so
 * that they can be seen, and a second task, because one alone goes with its zone.
 */
const PRODUCTION: Answers = {
  "service.port": port.default,
  "service.cpu": cpu.default,
  "service.memory": memory.default,
  "service.startupSeconds": startupSeconds.default,
  "service.requestTimeoutSeconds": requestTimeoutSeconds.default,
  "service.logDays": logDays.default,
  "network.cidr": cidr.default,
  "network.zones": zones.default,
  "network.nat": nat.default,
  "rollout.steps": steps.default,
  "rollout.bakeMinutes": bakeMinutes.default,
  "rollout.deadlineMinutes": deadlineMinutes.default,
  "rollout.watchdog": watchdog.default,
  "rollout.protect": protect.default,
  "blue.modelVersion": "1",
  "blue.minTasks": 2,
  "blue.maxTasks": 4,
};
/** Pulumi brings the first model, and asks it nothing: until somebody says its health check, any answer is a sign of life. */
const UNDESCRIBED: Answers = { "blue.service": ANY_ANSWER };
const HEALTH_KEYS = ["service.healthPath", "service.healthMatcher"];

/** What may be said beyond the questions; everything else in the file is Pulumi's or the tools'. */
const SECTIONS = ["service", "network", "thresholds", "rollout", "suite", "blue"];
const BESIDES = [REGION_KEY, "aws:profile"];
// What it has after the command that init names next. Nobody reads it.
const SOME_TOKEN = "0".repeat(48);

/**
 * The configuration of a new stack: production's defaults, and the answers before them.
 * @throws UserError BG300 when something is not said that only its maker knows, BG302 with every key that is not right.
 */
export function newStackValues(answers: Answers): StackValues {
  const missing = unanswered(answers);
  if (missing.length > 0) {
    const flags = missing.map(({ flag, asks }) => `\n  --${flag} <value>: ${asks}`);
    throw new UserError("BG300", `These are missing:${flags.join("")}`);
  }
  const strange = Object.keys(answers).filter((path) => !isOurs(path));
  const isDescribed = HEALTH_KEYS.some((key) => answers[key] !== undefined);
  const values = nested({ ...PRODUCTION, ...(isDescribed ? {} : UNDESCRIBED), ...answers });
  const problems = strange.length > 0 ? strange.map(notHere) : problemsOf(values);
  if (problems.length === 0) return values;
  throw new UserError("BG302", problems.map((one) => `\n  - ${showProblem(one)}`).join(""));
}

const isOurs = (path: string): boolean =>
  BESIDES.includes(path) || SECTIONS.some((section) => path.startsWith(`${section}.`));

const notHere = (path: string): Problem =>
  problem(path, "said", `a field of ${SECTIONS.join(", ")}, or ${BESIDES.join(", ")}`, "leave it out");

function problemsOf(values: StackValues): readonly Problem[] {
  const region = values[REGION_KEY];
  const wrong = isRegion(region) ? [] : [problem(REGION_KEY, region, REGION_ALLOWED, "--region <region>")];
  const raw = Object.entries(values).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const parsed = parseConfig({ ...Object.fromEntries(raw), testToken: SOME_TOKEN });
  // As the first update looks at it: what it would refuse is no file to begin with.
  return [...wrong, ...updateProblems(undefined, parsed).map(byFlag)];
}

/** There is no stack yet on which `pulumi config set` could fix it. */
function byFlag(found: Problem): Problem {
  const asked = QUESTIONS.find(({ key }) => key === found.key);
  return { ...found, fix: asked === undefined ? `--set ${found.key}=…` : `--${asked.flag} …` };
}

function nested(flat: Answers): StackValues {
  const values: Record<string, string | Record<string, unknown>> = {};
  for (const key of BESIDES) if (typeof flat[key] === "string") values[key] = flat[key];
  for (const section of SECTIONS) {
    const paths = Object.keys(flat).filter(
      (path) => path.startsWith(`${section}.`) && flat[path] !== undefined,
    );
    const own = paths
      .toSorted((a, b) => placeOf(a) - placeOf(b))
      .map((path) => [path.slice(section.length + 1), asTyped(path, flat[path])] as const);
    if (own.length > 0) values[section] = Object.fromEntries(own);
  }
  return values;
}

/** Where the contract has the field in its section. */
const placeOf = (path: string): number =>
  Object.keys(fieldsOf(path)).indexOf(path.slice(path.indexOf(".") + 1));

/** A number or a truth value that came as text from the command line is one in the file. */
function asTyped(path: string, value: unknown): unknown {
  const read = fieldOf(path)?.read(value)?.value;
  return typeof read === "number" || typeof read === "boolean" ? read : value;
}
