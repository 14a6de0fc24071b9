/** The program of a new project: all that there is to write of a model. */
export const programText = (name: string) => `import { BlueGreenService } from "ml-blue-green";

// The model and its configuration have one name: \`pulumi config set activeSlot green\` is about this one. What is said
// here is a default; what Pulumi.<stack>.yaml says goes before it.
const model = new BlueGreenService("${name}", {
  thresholds: { maxErrorRate: 0.05, maxSlowRate: 0.1, slowSeconds: 1 },
});

// What the tools, and the next update, have to know of the model: it stays.
export const bluegreen = model.outputs;
export const url = model.url;
`;

export const projectFileText = (name: string) => `name: ${name}
description: The model ${name} in two slots, blue and green, behind one load balancer
runtime:
  name: nodejs
  options:
    # Node runs the program's TypeScript itself; \`npm run check\` is the type check.
    typescript: false
main: index.ts
`;

export const TSCONFIG = {
  compilerOptions: {
    target: "ES2023",
    module: "nodenext",
    types: ["node"],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
  },
  include: ["*.ts"],
};

export const IGNORED = ["node_modules/", ".local/", ".bluegreen/"];
