/** Arrays that do not fit together. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/** A number outside the range in which the method means anything. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
}
