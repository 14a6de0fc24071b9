import { whole } from "../../arguments.ts";
import { localPlace } from "../../local/place.ts";
import type { Outcome } from "../../../validation/outcome.ts";
import { resultJson } from "../../json.ts";
import { defineVerb } from "../define.ts";

/** `address`: with its token, which lets whoever has it steer the stack. */
export interface ConsoleResult extends Outcome {
  readonly address: string;
}

export const definition = defineVerb({
  usage: "console",
  about: "one page in the browser: traffic, verdicts, charts, logs, and the buttons that steer",
  works: "reads",
  order: 215,
  declare: (command) =>
    command
      .option("--port <port>", "port on 127.0.0.1 (0: any)", whole(0, 65_535), 0)
      .option("--no-open", "print the address, and open no browser")
      .action(async ({ open, json, ...options }) => {
        const { startConsole, openBrowser } = await import("../../actions/console.ts");
        const server = await startConsole(localPlace(), options);
        const { address } = server;
        const sentence = `The console is at ${address}\nWho has this address can steer the stack. Ctrl-C ends it.`;
        process.stdout.write(
          `${json ? resultJson({ exitCode: 0, sentence, address } satisfies ConsoleResult) : sentence}\n`,
        );
        if (open && process.stdout.isTTY) openBrowser(address);
        await new Promise<void>((resolve) => {
          for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
        });
        await server.close();
      }),
});
