import net from 'node:net';

/** A connection as the far end saw it. */
export interface ArrivedConnection {
  address: string;
  at: Date;
}

/** Listens on one port of all loopback addresses, notes who is called when, and hangs up at once. */
export async function listenForArrivals(): Promise<{
  port: number;
  arrivals: readonly ArrivedConnection[];
  close(): Promise<void>;
}> {
  const arrivals: ArrivedConnection[] = [];
  const server = net.createServer((socket) => {
    arrivals.push({ address: socket.localAddress ?? '', at: new Date() });
    // The prober may have gone already.
    socket.on('error', () => undefined);
    socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '0.0.0.0', port: 0 }, resolve);
  });
  const { port } = server.address() as net.AddressInfo;
  return {
    port,
    arrivals,
    close: () => new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve()))),
  };
}
