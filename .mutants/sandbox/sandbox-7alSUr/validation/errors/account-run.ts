import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** The run of `npm run test:aws` on a real account. */
export const ACCOUNT_RUN_ERRORS = {
  BG325: {
    exitCode: EXIT.usage,
    meaning: "These credentials are not of the account that the run is for, so nothing was made.",
    fix: "Take credentials of that account (`aws sts get-caller-identity` says whose these are), or name the other one on purpose: `npm run test:aws -- --go --account <number> --region <region>`.",
  },
  BG326: {
    exitCode: EXIT.needsPerson,
    meaning: "The region holds left-overs of an earlier run, so nothing was made.",
    fix: "Remove them: `npm run test:aws -- --teardown --account <number> --region <region>`. It needs their tags alone.",
  },
  BG327: {
    exitCode: EXIT.usage,
    meaning: "Budget or time do not suffice for the run, so nothing was made.",
    fix: "Allow more (`--budget <USD>`, `--minutes <minutes>`), or make fewer experiments: `--only <experiment>,…`.",
  },
  BG328: {
    exitCode: EXIT.needsPerson,
    meaning: "The teardown ended before everything was gone; what is left may cost money.",
    fix: "Run it again, as often as it takes: `npm run test:aws -- --teardown --account <number> --region <region>`. What it names twice, remove manually.",
  },
  BG329: {
    exitCode: EXIT.usage,
    meaning: "The run was not told what it needs.",
    fix: "`npm run test:aws` without arguments shows every step and what it costs; with `--help` every option.",
  },
} as const satisfies ErrorKinds;
