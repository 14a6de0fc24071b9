import { afterEach, describe, expect, it, vi } from "vitest";
import { showError } from "../../cli/errors.ts";

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

describe("what a person sees of an error", () => {
  afterEach(() => vi.restoreAllMocks());

  const shown = (error: unknown) => {
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const exitCode = showError(error, false);
    return { exitCode, text: write.mock.calls.map(([text]) => String(text)).join("") };
  };

  it.each([
    ["AccessDenied", "BG190"],
    ["AccessDeniedException", "BG190"],
    ["UnauthorizedOperation", "BG190"],
    ["ExpiredToken", "BG191"],
    ["ExpiredTokenException", "BG191"],
    ["InvalidClientTokenId", "BG191"],
    ["CredentialsProviderError", "BG191"],
  ])("AWS's %s is theirs to fix (%s), and has no stack trace", (name, code) => {
    const { exitCode, text } = shown(named(name, "not authorized to perform: ecs:DescribeServices"));
    expect(exitCode).toBe(64);
    expect(text).toContain(`${code}: `);
    expect(text).toContain("not authorized to perform: ecs:DescribeServices");
    expect(text).not.toContain("    at ");
  });

  it("anything else is ours, with its stack trace", () => {
    const { exitCode, text } = shown(named("TypeError", "x is not a function"));
    expect(exitCode).toBe(70);
    expect(text).toContain("    at ");
  });
});
