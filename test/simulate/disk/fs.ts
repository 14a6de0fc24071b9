/**
 * `node:fs/promises` as far as the product's files need it, on simulated machines (hooks.ts puts it there). A text comes
 * onto the disk in two halves, and a process may die between them.
 */
import { errno, onDisk } from "./disks.ts";

export const mkdir = async () => undefined;

export const readFile = (path: string): Promise<string> =>
  onDisk(path, "reading", (files) => {
    const text = files.get(path);
    if (text === undefined) throw errno("ENOENT", path);
    return text;
  });

export async function writeFile(path: string, text: string): Promise<void> {
  const room = { needsRoom: true };
  const half = text.slice(0, Math.floor(text.length / 2));
  await onDisk(path, "writing", (files) => files.set(path, half), room);
  await onDisk(path, "writing", (files) => files.set(path, text), room);
}

export const rename = (from: string, to: string): Promise<void> =>
  onDisk(from, "renaming", (files) => {
    const text = files.get(from);
    if (text === undefined) throw errno("ENOENT", from);
    files.delete(from);
    files.set(to, text);
  });

export const unlink = (path: string): Promise<void> =>
  onDisk(path, "removing", (files) => {
    if (!files.delete(path)) throw errno("ENOENT", path);
  });

export const rm = (path: string): Promise<void> =>
  onDisk(path, "removing", (files) => void files.delete(path));

export const open = async (path: string, flags: string) => {
  if (flags !== "r") {
    // An empty file takes no block, so a full disk refuses the write (write(2), ENOSPC) and not this.
    await onDisk(path, "creating", (files) => {
      if (files.has(path)) throw errno("EEXIST", path);
      files.set(path, "");
    });
  }
  return {
    writeFile: (text: string) => writeFile(path, text),
    sync: async () => {},
    close: async () => {},
  };
};

const notSimulated = async (): Promise<never> => {
  throw new Error("this is not simulated");
};
export const link = notSimulated;
export const readdir = notSimulated;
export const stat = notSimulated;
export const appendFile = notSimulated;
