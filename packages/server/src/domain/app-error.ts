/** Codes are stable: clients and tests may match on them. Only `http/` turns them into status numbers. */
export type ErrorCode =
  | 'config.invalid'
  | 'input.invalid'
  | 'input.too_large'
  | 'auth.missing'
  | 'auth.invalid'
  | 'auth.forbidden'
  | 'csrf.invalid'
  | 'not_found'
  | 'conflict'
  | 'overload'
  | 'storage.unavailable'
  | 'storage.full'
  | 'storage.refused'
  | 'internal';

export type ErrorDetails = {
  /** The input field at fault, as the sender spells it: `batch[3].timestamp`. */
  readonly field?: string;
  /** What the reader can do about it, one sentence. */
  readonly fix?: string;
  readonly [key: string]: unknown;
};

/** Something failed around us. What we expect is a value instead (see `Outcome` types of each stage). */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; details?: ErrorDetails } = {}) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** Something that cannot be true was true: a bug here, never the sender's fault. */
export function assert(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${sentence}`);
}
