import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

/** Of Debian, of Ubuntu, and of Google's own packages. */
export const BROWSER = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  (path) => existsSync(path),
);

/** A page of whoever lives on another port of this machine. Its script ends with `report(value)`. */
export async function openSite(script: string) {
  let reported: (value: unknown) => void = () => {};
  const server = createServer(async (request, response) => {
    if (request.url === "/report") {
      reported(JSON.parse(await text(request)));
      return void response.end();
    }
    response.setHeader("content-type", "text/html");
    response.end(
      `<!doctype html><body><script type="module">
        const report = (value) => fetch("/report", { method: "POST", body: JSON.stringify(value) });
        ${script}
      </script></body>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A listening TCP server has a socket address.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    /** What the page reports once a browser has opened it at this address. */
    async seen(url: string): Promise<unknown> {
      const report = new Promise<unknown>((resolve) => (reported = resolve));
      const browser = await openBrowser(url);
      return report.finally(browser.close);
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function openBrowser(url: string) {
  const profile = await mkdtemp(join(tmpdir(), "browser-"));
  const child = spawn(BROWSER ?? "", [...flags(profile), "--remote-debugging-port=0", url], {
    stdio: "ignore",
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    async close() {
      child.kill("SIGKILL");
      await exited;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The page as it is after its scripts have run for so many milliseconds of its own time. */
export async function dumpDom(url: string, budgetMs: number): Promise<string> {
  const profile = await mkdtemp(join(tmpdir(), "browser-"));
  const args = [...flags(profile), `--virtual-time-budget=${budgetMs}`, "--dump-dom", url];
  const child = spawn(BROWSER ?? "", args, { stdio: ["ignore", "pipe", "ignore"] });
  return text(child.stdout).finally(() => rm(profile, { recursive: true, force: true, maxRetries: 5 }));
}

const flags = (profile: string) => [
  "--headless",
  // Root, who runs tests in a container, has no other way; the pages are this test's own.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--no-first-run",
  `--user-data-dir=${profile}`,
  // A name of a stranger that points here: DNS rebinding.
  "--host-resolver-rules=MAP evil.example 127.0.0.1",
];
