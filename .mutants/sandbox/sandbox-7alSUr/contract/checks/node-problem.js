// Plain JavaScript: Pulumi starts a program with whatever Node the shell has, and an older one cannot read the rest.

/**
 * Why this Node cannot run a program in TypeScript, in words for the person; undefined: it can
 * (process.features.typescript, nodejs.org/api/process.html: 22.18, 23.6 and newer do).
 */
export function nodeProblem() {
  if (process.features.typescript) return undefined;
  return (
    `BG158: This Node is too old for the project. It is ${process.version} (${process.execPath}), and the program is TypeScript; allowed is 22.18 or newer (of 23: 23.6).\n` +
    "  Put a newer one first on PATH in the shell that runs `pulumi` (`node --version`; .node-version says which)."
  );
}
