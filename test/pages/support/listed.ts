/** Printed commands that no test can run, each with the reason. The page must still have it. */
export const NOT_RUN: Readonly<Record<string, string>> = {
  "npx bluegreen tour": "tour.test.ts types everything that it prints",
  "npx bluegreen console": "it goes on until Ctrl-C; test/scenario/seeing/ opens it in a real browser",
  "npx bluegreen console --stack prod": "a stack on AWS; the same page, in test/scenario/seeing/",
  "npx bluegreen report v3-g9": "the id is of the reader's release; the line above it makes the same report",
  "npx bluegreen report .bluegreen/releases/fraud-model/prod/v3-g9/journal.jsonl --html report.html":
    "the journal is of the reader's release; test/validation/report/ makes reports of recorded ones",
  "npx bluegreen report evidence-1.json evidence-2.json evidence-3.json --html report.html":
    "the files are the reader's; test/validation/report/ has recorded ones",
  "npx bluegreen report evidence-3.json": "as the line above it",
  "npx bluegreen report evidence-3.json --json": "as the line above it",
  "npm pack": "test:package packs, and installs elsewhere what it packed",
  "npm install <path>/ml-blue-green-<version>.tgz": "test:package does, in a folder outside the repository",
  "npx bluegreen init fraud-model":
    "in a checkout a name is a stack's; test:package runs it in a folder of its own, and a whole release after it",
  "npm ci && npm test":
    "it would run itself; .ci/run is these two commands, and every change goes through it",
  "aws ecs delete-service --cluster <cluster> --service <service> --force":
    "names in angle brackets are the reader's, and the AWS CLI is not installed by npm; test/clients/aws-cli.test.ts has the CLI",
  "pulumi refresh --yes --clear-pending-creates":
    "only Pulumi's own CLI has pending creations; test/scenario/stack/pulumi-cli.test.ts kills one and clears it so",
};

/** What the reader has done before a printed command, because the page says so in words. */
export const BEFORE: Readonly<Record<string, { readonly script: string; readonly why: string }>> = {
  "npx bluegreen rollout --evidence check.json": {
    script: "npx bluegreen deploy digits:3 --model-version 3 && npx bluegreen test",
    why: "a rollout needs a candidate, and the one of the block above is promoted and reverted by then",
  },
  "pulumi config set greenWeight 25 && pulumi up": {
    script: "npx bluegreen revert",
    why: "the block begins with blue as the active slot, and the release of the block above has made it green",
  },
  "npx bluegreen doctor --stack prod": {
    script: `npx bluegreen pulumi stack init prod
cp .local/Pulumi.local.yaml .local/Pulumi.prod.yaml
npx bluegreen pulumi up --yes --stack prod`,
    why: "the page means a stack on AWS; here it is one of that name on the emulator, made as docs/local-cloud.md says",
  },
};

/** Printed commands that may end with another code than 0, as the page, or the page of the verb, says. */
export const ENDS: Readonly<Record<string, readonly number[]>> = {};

/** Commands that go on until Ctrl-C, and what they say when others can go on in another terminal. */
export const RUNS_ON: readonly { readonly command: RegExp; readonly ready: string }[] = [
  { command: /^npx bluegreen local --speed \d+$/, ready: "Leave it running; in another terminal" },
  { command: /^npx bluegreen console$/, ready: "The console is at" },
  { command: /^npx bluegreen local --traffic \d+$/, ready: "requests a minute" },
];
