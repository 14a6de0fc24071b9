/**
 * Loaded into a process before its program (`node --import`): below BLUEGREEN_LOCAL_DIRECTORY nothing can be written,
 * for the reason in BAD_DISK: ENOSPC at the first byte, as on a full disk, EACCES and EROFS when a file is opened.
 */
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

const directory = process.env["BLUEGREEN_LOCAL_DIRECTORY"] ?? "";
const code = process.env["BAD_DISK"] ?? "ENOSPC";
const { open, writeFile } = promises;

function refusal(syscall: string, path?: string): Error {
  const where = path === undefined ? "" : ` '${path}'`;
  return Object.assign(new Error(`${code}: refused, ${syscall}${where}`), {
    code,
    syscall,
    ...(path !== undefined && { path }),
  });
}

const isMeant = (path: unknown): path is string => typeof path === "string" && path.startsWith(directory);

promises.open = async (path, flags, mode) => {
  const writes = typeof flags === "string" && flags.startsWith("w");
  if (!isMeant(path) || !writes) return open(path, flags, mode);
  if (code !== "ENOSPC") throw refusal("open", path);
  const handle = await open(path, flags, mode);
  handle.writeFile = async () => {
    throw refusal("write");
  };
  return handle;
};
promises.writeFile = async (file, data, options) => {
  if (isMeant(file)) throw code === "ENOSPC" ? refusal("write") : refusal("open", file);
  await writeFile(file, data, options);
};
syncBuiltinESMExports();
