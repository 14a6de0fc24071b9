/**
 * Loaded before the program of a container whose image is a public Node (`node --import`). In a task the containers share one
 * network, in which each has the ports that its definition names (Amazon ECS, network mode awsvpc); on this machine every
 * task has ports of its own. So whoever listens on, or connects to, a port of the task comes to the one that stands for it.
 */
import net from "node:net";
import { LOCAL_PORTS } from "./local-ports.ts";

const ports: ReadonlyMap<number, number> = new Map(JSON.parse(process.env[LOCAL_PORTS] ?? "[]"));
delete process.env[LOCAL_PORTS];
const LOOPBACK: readonly unknown[] = [undefined, "localhost", "127.0.0.1", "::1", "0.0.0.0", "::"];

interface Address {
  readonly port?: unknown;
  readonly host?: unknown;
}
const isAddress = (value: unknown): value is Address => typeof value === "object" && value !== null;

/** Only this machine reaches a task's ports, whatever the program would listen on. */
const own = (port: unknown) => ports.get(Number(port));

// Both take a port and a host, or an object that has them; net.connect hands its own arguments over as one list.
// So each takes whatever list of arguments it is given, which its overloads do not say.
const listen = net.Server.prototype.listen as (...args: unknown[]) => net.Server;
net.Server.prototype.listen = function mapped(this: net.Server, ...args: unknown[]) {
  const [first, ...rest] = args;
  const port = own(isAddress(first) ? first.port : first);
  if (port === undefined) return listen.apply(this, args);
  const address = isAddress(first) ? first : {};
  const done = rest.filter((argument) => typeof argument === "function");
  return listen.apply(this, [{ ...address, port, host: "127.0.0.1" }, ...done]);
};

const connect = net.Socket.prototype.connect as (...args: unknown[]) => net.Socket;
net.Socket.prototype.connect = function mapped(this: net.Socket, ...args: unknown[]) {
  const [first] = args;
  if (Array.isArray(first)) {
    // The list carries a mark by which Node knows it: it has to stay the same list.
    first[0] = elsewhere(first[0]);
    return connect.apply(this, args);
  }
  if (isAddress(first)) return connect.apply(this, [elsewhere(first), ...args.slice(1)]);
  const [port, host, ...rest] = typeof args[1] === "string" ? args : [first, undefined, ...args.slice(1)];
  const mapped = LOOPBACK.includes(host) ? own(port) : undefined;
  return mapped === undefined
    ? connect.apply(this, args)
    : connect.apply(this, [{ port: mapped, host: "127.0.0.1" }, ...rest]);
};

function elsewhere(address: unknown): unknown {
  if (!isAddress(address) || !LOOPBACK.includes(address.host)) return address;
  const port = own(address.port);
  return port === undefined ? address : { ...address, port, host: "127.0.0.1" };
}
