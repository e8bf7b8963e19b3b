type Credentials = { readonly user: string; readonly password: string };

/** How to reach the event store. Plain JSON, so that a child process can be given it. Holds passwords: never log it. */
export type EventStoreAddress = {
  /** HTTP addresses. One, or all nodes of the cluster. */
  readonly nodes: readonly string[];
  readonly database: string;
  /** Name in `remote_servers`, or null for a single server. */
  readonly cluster: string | null;
  readonly engineFamily: 'plain' | 'replicated';
  readonly embedded: boolean;
  /** With an external server all three are the one user that the configuration names. */
  readonly users: { readonly app: Credentials; readonly import: Credentials; readonly admin: Credentials };
  /** Directory whose files `transform` may read by path; null when the server has its own disk. */
  readonly importDir: string | null;
  readonly threads: number;
  /** Where the embedded server may write backups; null for an external one. */
  readonly embeddedBackupDir: string | null;
};
