import path from 'node:path';
import { freePort } from '../engines/free-port.ts';
import { newSecret } from '../engines/private-file.ts';
import { silentLogger } from '../engines/supervise.ts';
import type { EventStoreAddress } from './event-store-address.ts';
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from './start-embedded-clickhouse.ts';

export type TestCluster = {
  readonly address: EventStoreAddress;
  /** Ends one node abruptly and keeps it away. */
  kill(node: number): Promise<void>;
  /** Starts it again on the same ports and files. */
  revive(node: number): Promise<void>;
  stop(): Promise<void>;
};

/** Two shards of two replicas each on loopback: real servers, plain tables, copies made by the Distributed table. */
export async function startTestCluster(dir: string, database: string): Promise<TestCluster> {
  const ports: number[] = [];
  while (ports.length < 8) {
    const port = await freePort();
    if (!ports.includes(port)) ports.push(port);
  }
  const [http, tcp] = [ports.slice(0, 4), ports.slice(4)];
  const adminPassword = newSecret();
  const start = (node: number): Promise<EmbeddedClickHouse> =>
    startEmbeddedClickHouse({
      dir: path.join(dir, `node-${node}`),
      database,
      memoryBytesMax: 1_000_000_000,
      threads: 2,
      importDir: dir,
      logger: silentLogger,
      cluster: {
        name: 'main',
        shards: [tcp.slice(0, 2), tcp.slice(2)],
        adminPassword,
        macros: { shard: node < 2 ? '1' : '2', replica: String(node) },
        httpPort: http[node] as number,
        tcpPort: tcp[node] as number,
      },
    });
  const nodes = await Promise.all([0, 1, 2, 3].map(start));
  // All nodes know the first one's users: passwords are per directory, so the cluster is used as its administrator.
  const user = { user: 'zhiyin_admin', password: adminPassword };
  return {
    address: {
      ...(nodes[0] as EmbeddedClickHouse).address,
      nodes: http.map((port) => `http://127.0.0.1:${port}`),
      users: { app: user, import: user, admin: user },
    },
    kill: (node) => (nodes[node] as EmbeddedClickHouse).stop(),
    async revive(node) {
      nodes[node] = await start(node);
    },
    stop: async () => void (await Promise.all(nodes.map((node) => node.stop()))),
  };
}
