import { hkdfSync } from 'node:crypto';

/** The keys of one workspace. Each has one job, so that handing one to the engine gives away nothing else. */
export type WorkspaceKeys = {
  /** Identifiers → surrogates. */
  readonly surrogate: Buffer;
  /** Message ids → message keys. */
  readonly message: Buffer;
  /** Seals whole records in quarantine. */
  readonly record: Buffer;
  /** Wraps the data keys of identities. */
  readonly wrap: Buffer;
  /** Blind index over e-mail, phone and name. */
  readonly index: Buffer;
};

export function deriveWorkspaceKeys(workspaceKey: Buffer): WorkspaceKeys {
  return {
    surrogate: deriveKey(workspaceKey, 'surrogate'),
    message: deriveKey(workspaceKey, 'message'),
    record: deriveKey(workspaceKey, 'record'),
    wrap: deriveKey(workspaceKey, 'wrap'),
    index: deriveKey(workspaceKey, 'index'),
  };
}

/** HKDF-SHA-256 (RFC 5869): one secret in, independent keys out, one per purpose. */
export function deriveKey(secret: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `zhiyin/v1/${purpose}`, 32));
}
