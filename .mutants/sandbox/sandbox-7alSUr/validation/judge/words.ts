export type JudgeVerdict = "continue" | "rollback" | "wait";

const SHOWN = 3;

export interface SaidOfPair {
  readonly reasons: readonly string[];
  readonly expired: boolean;
  /** Percent; undefined: nobody knows. */
  readonly share: number | undefined;
  readonly isDoubt: boolean;
}

/** The verdict in one sentence. */
export function sentenceFor(verdict: JudgeVerdict, { reasons, expired, share, isDoubt }: SaidOfPair): string {
  const at = share === undefined ? "" : ` at ${Number(share.toPrecision(2))} %`;
  const late = expired ? ", and its time is over: a person decides" : "";
  const doubt = isDoubt ? ", in doubt" : "";
  return `${verdict}${at}${doubt}${late}: ${reasons.slice(0, SHOWN).join("; ")}`;
}

/** A gate's reason for people who have no stack of ours: neither its slots nor its commands. */
export const wordsFor = (reason: string): string =>
  reason
    .replace(/: npx bluegreen logs \w+, /, ": ")
    .replace(/: npx bluegreen .*$/, "")
    .replace(/\bgreen\b/g, "the candidate")
    .replace(/\bblue\b/g, "the active model");
