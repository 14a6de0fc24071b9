import { startAgent } from "./agent.ts";
import { machineClock } from "./clock.ts";
import { WrongSetting } from "./config/fields.ts";
import { readSetup } from "./config/setup.ts";

async function main(): Promise<void> {
  const setup = readSetup(process.env);
  // A log that is gone is no reason to take the users' answers with it; what is not counted is no good news.
  process.stdout.on("error", () => {});
  const agent = await startAgent(setup, {
    clock: machineClock,
    write: (line) => process.stdout.write(`${line}\n`),
  });
  const stop = async () => {
    await agent.stop();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop());
}

main().catch((error: unknown) => {
  const isListening = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
  if (!(error instanceof WrongSetting) && !isListening) throw error;
  console.error(`agent: ${error.message}`);
  process.exit(64);
});
