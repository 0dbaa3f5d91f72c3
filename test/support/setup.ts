// Every test file runs behind this guard: a connect to anything but this machine fails the run.
import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host) || host === '';
}

function refuse(what: string, host: unknown): never {
  throw new Error(`test guard: ${what} to ${String(host)} leaves this machine`);
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function guarded(this: net.Socket, ...args: unknown[]) {
  // Node hands over its own normalised [options, callback] array from net.connect().
  const first = Array.isArray(args[0]) ? (args[0] as unknown[])[0] : args[0];
  if (typeof first === 'object' && first !== null) {
    const { host, path } = first as { host?: unknown; path?: unknown };
    if (path === undefined && host !== undefined && !isLoopback(String(host))) refuse('a connect', host);
  } else if (typeof first === 'number') {
    const host = typeof args[1] === 'string' ? args[1] : 'localhost';
    if (!isLoopback(host)) refuse('a connect', host);
  }
  return (connect as (...a: unknown[]) => net.Socket).apply(this, args);
} as typeof net.Socket.prototype.connect;

const send = dgram.Socket.prototype.send;
dgram.Socket.prototype.send = function guarded(this: dgram.Socket, ...args: unknown[]) {
  const host = args.find((value, index) => index > 0 && typeof value === 'string') as string | undefined;
  if (host !== undefined && !isLoopback(host)) refuse('a datagram', host);
  return (send as (...a: unknown[]) => void).apply(this, args);
} as typeof dgram.Socket.prototype.send;

const lookup = dns.lookup;
dns.lookup = ((host: string, ...rest: unknown[]) => {
  if (!isLoopback(host) && net.isIP(host) === 0) refuse('a name look-up', host);
  return (lookup as unknown as (...a: unknown[]) => unknown)(host, ...rest);
}) as typeof dns.lookup;
