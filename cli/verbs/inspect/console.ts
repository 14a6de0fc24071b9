import { Option } from "commander";
import { whole } from "../../arguments.ts";
import { localPlace } from "../../local/place.ts";
import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "console",
  about: "one page in the browser: traffic, verdicts, charts, logs, and the buttons that steer",
  works: "alone",
  order: 215,
  declare: (command) =>
    command
      .addOption(new Option("--stack <name>", "the stack, as every verb has it").env("BLUEGREEN_STACK"))
      .addOption(new Option("--model <name>", "which of the stack's models").env("BLUEGREEN_MODEL"))
      .option("--port <port>", "port on 127.0.0.1 (0: any)", whole(0, 65_535), 0)
      .option("--no-open", "print the address, and open no browser")
      .action(async ({ open, ...options }) => {
        const { startConsole, openBrowser } = await import("../../actions/console.ts");
        const server = await startConsole(localPlace(), options);
        process.stdout.write(
          `The console is at ${server.address}\nWho has this address can steer the stack. Ctrl-C ends it.\n`,
        );
        if (open && process.stdout.isTTY) openBrowser(server.address);
        await new Promise<void>((resolve) => {
          for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
        });
        await server.close();
      }),
});
