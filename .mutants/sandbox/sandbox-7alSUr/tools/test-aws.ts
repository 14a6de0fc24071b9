/** `npm run test:aws`: says what it would do and cost; with `--go` does it on the account that is named. */
import { showError } from "../cli/errors.ts";
import { main } from "./aws-run/main.ts";

process.exitCode = await main(process.argv.slice(2), process.env).catch((thrown: unknown) =>
  showError(thrown, false),
);
