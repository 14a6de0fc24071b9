import { FileError, UserError as LocalError } from "../packages/pulumi-engine/errors.ts";
import { UserError } from "../validation/errors.ts";
import { EXIT, type ExitCode } from "../validation/outcome.ts";
import { fixCommandIn, resultJson, type ErrorResult } from "./json.ts";
import { NoProject } from "./local/place.ts";
import { harmless } from "./view/harmless.ts";

/** A package that is not there is a checkout whose `npm ci` is older than its package-lock.json. */
function notInstalled(thrown: unknown): unknown {
  if (!(thrown instanceof Error && "code" in thrown && thrown.code === "ERR_MODULE_NOT_FOUND")) return thrown;
  const [, name] = /^Cannot find package '([^'./][^']*)'/.exec(thrown.message) ?? [];
  return name === undefined ? thrown : new UserError("BG157", `The package ${name} is missing.`);
}

/**
 * Shows what went wrong and answers with the exit code: a person's mistake with its code and what fixes it,
 * ours with its stack trace. With `--json` the same as one object on standard output. `asTyped`: how commands in
 * messages are typed here.
 */
export function showError(
  thrown: unknown,
  asJson: boolean,
  asTyped: (text: string) => string = (text) => text,
): ExitCode {
  // The local cloud knows no codes of ours; what it asks of a person is in its message.
  const write = (stream: NodeJS.WriteStream, text: string) => stream.write(`${harmless(text)}\n`);
  const known = fromFiles(thrown);
  const error = ofTheLocalCloud(known) ?? fromAws(notInstalled(known));
  if (error instanceof UserError) {
    const { code, exitCode } = error;
    const [message, fix] = [asTyped(error.message), asTyped(error.fix)];
    write(process.stderr, `${code}: ${message}\n  ${fix}`);
    const fixCommand = fixCommandIn(fix);
    const found = { code, message, fix, ...(fixCommand === undefined ? {} : { fixCommand }) };
    if (asJson) write(process.stdout, resultJson({ exitCode, error: found } satisfies ErrorResult, "error"));
    return exitCode;
  }
  const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
  write(process.stderr, shown);
  if (asJson) {
    const message = error instanceof Error ? error.message : String(error);
    const found: ErrorResult = { exitCode: EXIT.failure, error: { message } };
    write(process.stdout, resultJson(found, "error"));
  }
  return EXIT.failure;
}

function ofTheLocalCloud(thrown: unknown): UserError | undefined {
  if (thrown instanceof LocalError) return new UserError("BG156", thrown.message);
  return thrown instanceof NoProject ? new UserError("BG212", thrown.message) : undefined;
}

const OF_FILES = { broken: "BG251", full: "BG252", forbidden: "BG253" } as const;

/** errno(3), as Node has it in an error of a file. */
const OF_SYSTEM: Readonly<Record<string, "full" | "forbidden">> = {
  ENOSPC: "full",
  EDQUOT: "full",
  EROFS: "forbidden",
  EACCES: "forbidden",
  EPERM: "forbidden",
};

/** A file or a disk that stands in the way is the person's to fix; anything else stays as it is. */
export function fromFiles(thrown: unknown): unknown {
  if (thrown instanceof FileError) return new UserError(OF_FILES[thrown.problem], thrown.message);
  if (!(thrown instanceof Error && "code" in thrown)) return thrown;
  const problem = OF_SYSTEM[String(thrown.code)];
  // A port may be forbidden, too, and has no path.
  const isFile = "path" in thrown || problem === "full";
  return problem === undefined || !isFile ? thrown : new UserError(OF_FILES[problem], `${thrown.message}.`);
}

/** How AWS names a refusal, by protocol and service; with the code of ours for it. */
const REFUSALS = [
  { code: "BG190", names: /^(AccessDenied(Exception)?|UnauthorizedOperation|AuthorizationError)$/ },
  {
    code: "BG191",
    names:
      /^(InvalidClientTokenId|UnrecognizedClientException|MissingAuthenticationToken(Exception)?|IncompleteSignature(Exception)?|SignatureDoesNotMatch|InvalidSignatureException|ExpiredToken(Exception)?|CredentialsProviderError)$/,
  },
] as const;

/** A denied call is the person's to fix, not a defect of ours; anything else stays as it is. */
function fromAws(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown;
  const found = REFUSALS.find(({ names }) => names.test(thrown.name));
  return found === undefined ? thrown : new UserError(found.code, thrown.message);
}
