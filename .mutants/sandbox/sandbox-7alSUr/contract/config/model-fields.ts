import { agentField } from "../agent/options.ts";
import { capacity, capacityProvider, gpus, kind } from "./capacity.ts";
import {
  integer,
  list,
  matching,
  oneOf,
  optional,
  orZero,
  text,
  textMap,
  textOr,
  type ValuesOf,
} from "./field.ts";
import { customProtocolField } from "./custom-protocol.ts";
import { PROTOCOL_NAMES } from "./protocol-names.ts";

const PATH = /^\/[^\s?#]{0,1023}$/;
const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
export const POLICY_ARN = /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/;
const SECRET_ARN = /^arn:aws[a-z-]*:(secretsmanager:[^:]+:\d{12}:secret:|ssm:[^:]+:\d{12}:parameter\/)\S+$/;
// ELB, Matcher of an HTTP check: codes from 200 to 499, several ("200,202") or a range ("200-299").
const MATCHER = /^[2-4]\d\d(-[2-4]\d\d)?(,[2-4]\d\d(-[2-4]\d\d)?)*$/;

/** A range that falls has no code. */
const isMatcher = (text: string): boolean =>
  MATCHER.test(text) &&
  text.split(",").every((part) => {
    const [from = "", to = from] = part.split("-");
    return Number(from) <= Number(to);
  });

/** Whether a status code passes a health check. */
export const matches = (matcher: string, status: number): boolean =>
  matcher.split(",").some((part) => {
    const [from = "", to = from] = part.split("-");
    return status >= Number(from) && status <= Number(to);
  });

export const environment = textMap(
  ENVIRONMENT_NAME,
  "environment names with text values",
  "Environment variables of the model's container.",
);

export const modelFields = {
  kind,
  port: integer({ min: 1, max: 65_535 }, 8080, "Port that the model listens on; it is also given as `PORT`."),
  protocol: oneOf(["HTTP1"], "HTTP1", "Protocol between load balancer and model."),
  servingProtocol: oneOf(
    ["auto", ...PROTOCOL_NAMES],
    "auto",
    "How the model server is asked (docs/serving/protocols.md); `auto`: `deploy` and `test` find it out by what it answers.",
  ),
  modelName: text(
    /^[\w.:@/-]{1,256}$/,
    "a name without spaces",
    "Name of the model on its server, for protocols that have one; none: the server's only one.",
  ),
  predictPath: text(
    PATH,
    "a path that starts with /",
    "Path of predictions of this model (POST); none: the protocol's own, or `suite.predictPath`.",
  ),
  versionHeader: text(
    /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/,
    "the name of an HTTP header",
    "Header of the model's answers that names its version, where their bodies do not.",
  ),
  customProtocol: customProtocolField,
  healthPath: textOr(
    PATH,
    "a path that starts with /",
    "/health",
    "Path of the health check; answers 200 when the model is loaded.",
  ),
  healthMatcher: textOr(
    { test: isMatcher },
    "status codes from 200 to 499: one, several with commas, ranges with a hyphen",
    "200",
    "Status codes by which the health check passes.",
  ),
  // ELB, HTTP checks: interval 5–300 s, timeout 2–120 s and below the interval, thresholds 2–10.
  healthIntervalSeconds: integer(
    { min: 5, max: 300, unit: "seconds" },
    10,
    "Time from one health check of a task to the next.",
  ),
  healthTimeoutSeconds: integer(
    { min: 2, max: 120, unit: "seconds" },
    5,
    "Time that the answer to a health check may take; less than the interval. A model that answers one request at a time needs more than its slowest prediction takes.",
  ),
  healthyThreshold: integer(
    { min: 2, max: 10, unit: "checks" },
    2,
    "Passed checks in a row after which a task that had failed gets requests again.",
  ),
  unhealthyThreshold: integer(
    { min: 2, max: 10, unit: "checks" },
    3,
    "Failed checks in a row after which ECS replaces a task.",
  ),
  command: list(
    (raw) => (typeof raw === "string" ? raw : undefined),
    "a list of words",
    [],
    "Command of the container in place of the image's own; none: the image's.",
  ),
  capacity,
  capacityProvider,
  gpus,
  // Fargate: 256 to 16384 CPU units; which memory goes with which is checked in contract/checks/capacity-problems.ts.
  cpu: integer({ min: 256, max: 16_384, unit: "CPU units" }, 512, "CPU of one task (1024 is one vCPU)."),
  memory: integer({ min: 512, max: 122_880, unit: "MiB" }, 1024, "Memory of one task."),
  architecture: oneOf(["X86_64", "ARM64"], "X86_64", "Processor that the image was built for."),
  environment,
  secrets: textMap(
    ENVIRONMENT_NAME,
    "environment names with ARNs of Secrets Manager secrets or Parameter Store parameters",
    "Environment variables from Secrets Manager or Parameter Store (ARNs).",
    SECRET_ARN,
  ),
  agent: agentField,
  taskPolicyArns: list(
    matching(POLICY_ARN),
    "a list of policy ARNs",
    [],
    "Managed policies for the task role, which is empty otherwise.",
  ),
  startupSeconds: integer(
    { min: 0, max: 3600, unit: "seconds" },
    60,
    "Time a task has to load its model before health checks count.",
  ),
  requestTimeoutSeconds: integer(
    { min: 1, max: 4000, unit: "seconds" },
    60,
    "Longest silence of a request (the load balancer's idle timeout, the longer one of two slots that run).",
  ),
  drainSeconds: optional(
    integer(
      { min: 0, max: 3600, unit: "seconds" },
      60,
      "Time that requests in flight have when a task leaves (deregistration delay), at least requestTimeoutSeconds; none: as long as that, and 60 at least.",
    ),
  ),
  // ELB, TargetGroupAttribute (docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html).
  algorithm: oneOf(
    ["round_robin", "least_outstanding_requests", "weighted_random"],
    "round_robin",
    "How the load balancer spreads requests over the tasks of a slot; `least_outstanding_requests` for requests that take unevenly long.",
  ),
  slowStartSeconds: orZero(
    { min: 30, max: 900, unit: "seconds" },
    "Time in which a task that joins others gets its share of requests little by little (`round_robin` alone); 0: all at once. The first tasks of an empty slot get theirs at once all the same.",
  ),
  requestsPerTask: integer(
    { min: 0, max: 1_000_000, unit: "requests a minute" },
    0,
    "Scaling target; 0: no scaling on requests.",
  ),
  cpuTarget: integer(
    { min: 0, max: 100, unit: "percent" },
    60,
    "Scaling target for CPU utilisation; 0: no scaling on CPU.",
  ),
} as const;

export type ModelKey = keyof typeof modelFields;
// Object.keys is typed as string[]; the table is constant, so its keys are exactly ModelKey.
export const MODEL_KEYS = Object.keys(modelFields) as readonly ModelKey[];

/** As the template has it. */
export type ModelTemplate = ValuesOf<typeof modelFields>;

/** What a slot carries of it; what an earlier version, or a person, has not copied is the template's. */
export type ServiceCopy = { readonly [K in ModelKey]: ModelTemplate[K] | undefined };

/** The copy's fields are those of the template, without defaults. */
export const copyFields = Object.fromEntries(
  Object.entries(modelFields).map(([name, field]) => [name, optional<unknown>(field)]),
  // Each field is the one of its own name, so the record has the template's types.
) as unknown as { readonly [K in ModelKey]: ReturnType<typeof optional<ModelTemplate[K]>> };
