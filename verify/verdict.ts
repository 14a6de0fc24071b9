import type { Checks } from "./differences.ts";
import { gatesOf, type GateAnswer } from "./gates.ts";
import { optionalText, textAt, textsAt, type JsonObject } from "./read/json.ts";

/** docs/decision.md, "What follows from the gates": where a verdict follows from the answers alone. */
const WHERE = ["starting", "cohort", "sharing", "paused", "retreated"];

const reasonsOf = (gates: readonly GateAnswer[]) => [...new Set(gates.map(({ reason }) => reason))];

/** Whether the verdict is one that the gates' answers allow, with the reasons that they gave. */
export function checkVerdict(record: JsonObject, checks: Checks): void {
  const [situation, verdict] = [textAt(record, "situation"), textAt(record, "verdict")];
  checkConsistency(record, verdict, checks);
  if (!WHERE.includes(situation) || verdict === "none" || verdict === "ended") return;
  const why = optionalText(record, "why");
  const gates = gatesOf(record).filter(({ isDryRun }) => !isDryRun);
  const fails = (about: string, onFail?: string) =>
    gates.filter(
      (one) => one.kind === "fail" && one.about === about && (onFail === undefined || one.onFail === onFail),
    );
  const baseline = fails("baseline");
  const counts = ({ isAbsolute }: GateAnswer) => !(isAbsolute && baseline.length > 0);
  const failing = fails("candidate", "rollback").filter(counts);
  const retreating = fails("candidate", "retreat").filter(counts);
  const passing = gates.filter(({ kind }) => kind === "pass");
  const reasons = textsAt(record, "reasons");

  if (failing.length > 0 && situation !== "starting") {
    checks.same("verdict", verdict, "rollback");
    checks.same("why", why, undefined);
    checks.same("reasons", reasons, reasonsOf(failing));
    return;
  }
  if (retreating.length > 0 && (situation === "sharing" || situation === "paused")) {
    checks.same("verdict", verdict, "retreat");
    checks.same("reasons", reasons, reasonsOf(retreating));
    return;
  }
  const blocked =
    situation === "starting" && failing.length > 0 ? "failing" : blockOf(gates, baseline, passing);
  if (verdict === "rollback") checks.same("why", why, "deadline");
  if (verdict === "retreat") checks.same("a failing active slot", baseline.length > 0, true);
  if (verdict === "advance" || verdict === "promote") {
    checks.same("what keeps it from going on", blocked, undefined);
    checks.same("reasons", reasons, reasonsOf(passing));
  }
  if (verdict === "insufficient") checks.same("what keeps it from going on", blocked, "insufficient");
  if (verdict === "hold" && why !== undefined && BLOCKS.includes(why)) checks.same("why", why, blocked);
}

const BLOCKS = ["baseline-failing", "doubt", "unreadable"];

function blockOf(
  gates: readonly GateAnswer[],
  baseline: readonly GateAnswer[],
  passing: readonly GateAnswer[],
): string | undefined {
  const isDoubt = ({ kind, about, onFail }: GateAnswer) =>
    kind === "fail" && about === "candidate" && (onFail === "hold" || onFail === "retreat");
  if (baseline.length > 0) return "baseline-failing";
  if (gates.some(isDoubt)) return "doubt";
  if (gates.some(({ kind, cause }) => kind === "noAnswer" && cause === "unreadable")) return "unreadable";
  const isEarly = gates.some(({ kind, cause }) => kind === "noAnswer" && cause === "tooEarly");
  return isEarly || passing.length === 0 ? "insufficient" : undefined;
}

/** What a record says twice. */
function checkConsistency(record: JsonObject, verdict: string, checks: Checks): void {
  const reasons = textsAt(record, "reasons");
  const sentence = textAt(record, "sentence");
  const split = record["split"];
  if (typeof split === "object" && split !== null && "blue" in split && "green" in split)
    checks.same("split.blue + split.green", Number(split.blue) + Number(split.green), 100);
  // What somebody else has rolled back, the watchdog or a person, is brought to its end without a verdict.
  if (record["exitCode"] === 20 && verdict !== "none")
    checks.same("verdict of exit code 20", verdict, "rollback");
  const [first] = reasons;
  const isTold = first === undefined || record["exitCode"] === 70 || sentence.includes(first);
  // A step that waits for the stack's lock says that instead.
  if (!isTold && !/^waiting:|held by/.test(sentence)) checks.same("sentence", sentence, `… ${first}`);
}
