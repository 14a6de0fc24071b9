/** Faulty models of the examples, each deployed beside a good one without users, and tested so often. */
import { STOPPED_BY_SUITE, type Faulty } from "../../../test/scenario/support/variants.ts";
import { aStack, type World } from "../../../test/scenario/support/world.ts";

/** How the models of one example are judged. */
interface Example {
  readonly suite: Readonly<Record<string, unknown>>;
  readonly cloud?: readonly string[];
}

const EXAMPLES: Readonly<Record<string, Example>> = {
  digits: { suite: { goldenSet: "examples/digits/golden-slices.jsonl" } },
  text: { suite: { goldenSet: "examples/text/golden.jsonl", task: "text", match: "contains" } },
  regression: {
    suite: { goldenSet: "examples/regression/golden.jsonl", task: "regression", absoluteTolerance: 3 },
    cloud: ["--images", "test/servers/images.json"],
  },
};

export interface Tried {
  readonly image: string;
  readonly check: string;
  readonly runs: number;
  /** In which this check failed: the fault was shown. */
  readonly stopped: number;
  /** In which `test` did not pass either, and this check could only not rule the fault out: any model may meet with that. */
  readonly insufficient: number;
  /** What stopped it, and what the check that is meant to said, in the last run. */
  readonly failed: readonly string[];
  readonly said: string;
}

interface CheckSeen {
  readonly name: string;
  readonly answer: string;
  readonly reason: string;
}

/** Faulty models of these examples, `runs` times each. */
export async function tryFaults(examples: readonly string[], runs: number): Promise<readonly Tried[]> {
  const tried: Tried[] = [];
  const isAsked = ({ beside }: Faulty) => examples.includes(exampleOf(beside));
  const faulty = STOPPED_BY_SUITE.filter(isAsked);
  for (const beside of new Set(faulty.map((one) => one.beside))) {
    tried.push(
      ...(await allBeside(
        beside,
        faulty.filter((one) => one.beside === beside),
        runs,
      )),
    );
  }
  return tried;
}

const exampleOf = (image: string) => image.split(":")[0] ?? "";
const versionOf = (image: string) => (image.split(":")[1] ?? "").split("-")[0] ?? "";

async function allBeside(beside: string, faulty: readonly Faulty[], runs: number): Promise<readonly Tried[]> {
  const { suite, cloud = [] } = EXAMPLES[exampleOf(beside)] ?? { suite: {} };
  const service = { startupSeconds: 900, servingProtocol: "auto" };
  const world = await aStack({ speed: 60, suite, cloud, service });
  try {
    await deployed(world, beside);
    const tried: Tried[] = [];
    for (const one of faulty) {
      await deployed(world, one.image);
      tried.push(await testedOften(world, one, runs));
    }
    return tried;
  } finally {
    await world.close();
  }
}

async function deployed(world: World, image: string): Promise<void> {
  const { exitCode, sentence, error, stderr } = await world.deploy(image, versionOf(image));
  if (exitCode !== 0) throw new Error(`deploy ${image}: ${sentence ?? error?.message} ${stderr}`);
}

async function testedOften(world: World, { image, check }: Faulty, runs: number): Promise<Tried> {
  let [stopped, insufficient] = [0, 0];
  let last: readonly CheckSeen[] = [];
  for (let run = 0; run < runs; run += 1) {
    const ran = await world.run("test", "--json");
    // The shape of what `test` prints.
    const { outcome, checks } = JSON.parse(ran.stdout) as { outcome: string; checks: readonly CheckSeen[] };
    last = checks;
    const answer = checks.find(({ name }) => name === check)?.answer;
    if (answer === "fail") stopped += 1;
    if (answer === "insufficient" && outcome !== "passed") insufficient += 1;
  }
  const failed = last.filter(({ answer }) => answer === "fail").map(({ name }) => name);
  const meant = last.find(({ name }) => name === check);
  const said = meant === undefined ? "there is no such check" : `${meant.answer}: ${meant.reason}`;
  console.error(
    `${image}: stopped in ${stopped}, insufficient in ${insufficient} of ${runs} by ${check} (${said}); failed: ${failed.join(", ")}`,
  );
  return { image, check, runs, stopped, insufficient, failed, said };
}
