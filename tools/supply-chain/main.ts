/**
 * `node tools/supply-chain/main.ts`: licences of everything that is installed, and what is known of its weaknesses where the
 * registry tells. Ends with 1 for a licence that nobody has looked at, and for a serious weakness of what users install.
 */
import { spawnSync } from "node:child_process";
import { audited } from "./audit.ts";
import { isAllowed, licenceLines, LOOKED_AT } from "./licences.ts";
import { lockedPackages, ROOT } from "./lock-file.ts";

const packages = lockedPackages();
for (const line of licenceLines(packages)) console.log(line);
for (const [name, why] of Object.entries(LOOKED_AT)) console.log(`looked at: ${name}, ${why}`);
const strange = packages.filter((one) => !isAllowed(one));
for (const { name, license } of strange)
  console.error(`::error::${name} is under ${license}: nobody has looked at it`);

const { stdout } = spawnSync("npm", ["audit", "--omit=dev", "--json"], { cwd: ROOT, encoding: "utf8" });
const said = audited(stdout);
if (said.kind === "skipped") console.log(`::notice::npm audit was skipped: ${said.why}`);
else console.log(`npm audit: ${said.serious.length} serious weaknesses, ${said.others} others`);
const serious = said.kind === "answered" ? said.serious : [];
for (const one of serious) console.error(`::error::a known weakness of ${one}`);
process.exitCode = strange.length + serious.length > 0 ? 1 : 0;
