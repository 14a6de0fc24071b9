import { ANY_ANSWER, serviceOf } from "../../contract/config/model-service.ts";
import type { Slot } from "../../contract/slot.ts";
import type { KeyChange } from "../core/changes/changes.ts";
import { withService } from "../core/changes/written.ts";
import type { Context, Deployed } from "../ports.ts";
import type { Speaker } from "../protocols/speaker.ts";
import { attempt } from "../reading.ts";
import { requireName } from "../stack/way-in.ts";
import { goldenOf } from "../suite/golden.ts";
import { introduce } from "../suite/speakers.ts";
import type { TestTools } from "../suite/test-candidate.ts";

/** Whether this is the health check of a server that nobody has described. */
const isAnyAnswer = ({ healthPath, healthMatcher }: Readonly<Record<keyof typeof ANY_ANSWER, string>>) =>
  healthPath === ANY_ANSWER.healthPath && healthMatcher === ANY_ANSWER.healthMatcher;

/** What a deploy has found out of its model's server, to be copied into the slot. */
export interface Recognised {
  readonly change: KeyChange;
  /** `everything` where the health check of the slot's target groups changes with it. */
  readonly scope: "everything" | "route";
  /** `green is asked as mlflow`. */
  readonly words: string;
}

/**
 * Finds out how a model's server is asked, through its test rule: its protocol, its model's name, and its own health
 * path where it was known by any answer. undefined: that is known already, or it cannot be found out, which is said and is
 * no reason to end a deploy: `test` asks again, and judges.
 */
export async function recognise(
  context: Context,
  deployed: Deployed,
  slot: Slot,
  tools: TestTools | undefined,
): Promise<Recognised | undefined> {
  const service = serviceOf(deployed.config, slot);
  if (service.servingProtocol !== "auto" && !isAnyAnswer(service)) return undefined;
  const note = (message: string) => context.reporter.report({ kind: "note", message });
  const found = await attempt(() => speakerOf(deployed, slot, tools));
  if (!found.readable) {
    note(
      `nobody knows yet how the server on ${slot} is asked: ${found.why}; npx bluegreen test asks it again`,
    );
    return undefined;
  }
  const { protocol, model } = found.value;
  // A page that was asked with a key may want it of the load balancer, too.
  const isOpen = tools?.isKeyed !== true;
  const isPage = isOpen && isAnyAnswer(service) && model.healthPath !== ANY_ANSWER.healthPath;
  const health = isPage ? `, and its health check is GET ${model.healthPath} from now on` : "";
  const words = `${slot} is asked as ${protocol.name}`;
  note(`${words} (${protocol.title}): POST ${model.predictPath}${health}`);
  const known = {
    servingProtocol: protocol.name,
    ...(model.name === undefined ? {} : { modelName: model.name }),
    ...(isPage ? { healthPath: model.healthPath, healthMatcher: "200" } : {}),
  };
  const change = { [slot]: withService(deployed.raw, slot, known) };
  return { change, scope: isPage ? "everything" : "route", words };
}

/** @throws Error, or UserError, with the reason why nobody can ask. */
async function speakerOf(
  { config, outputs }: Deployed,
  slot: Slot,
  tools: TestTools | undefined,
): Promise<Speaker> {
  const [token] = config.testTokens;
  if (tools === undefined || token === undefined) throw new Error("the stack has no testToken");
  requireName(outputs);
  const golden = await attempt(() => goldenOf(tools.readFile, config));
  const example = golden.readable ? golden.value.examples[0]?.input : undefined;
  const { suite } = golden.readable ? golden.value : config;
  const ask = tools.connect(outputs, token, suite.answerSeconds);
  const found = await introduce(ask, slot, serviceOf(config, slot), suite, example);
  if ("speaker" in found && found.unlike === undefined) return found.speaker;
  const why = "speaker" in found ? (found.unlike ?? "") : found.why;
  throw new Error(golden.readable ? why : `${why}, and there is no example to ask it with (${golden.why})`);
}
