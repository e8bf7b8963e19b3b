import type { Problem } from '@zhiyin/contract';

/** A problem the API reported (RFC 9457), or that no answer came (`status` 0). */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail || problem.title, options);
    this.problem = problem;
  }

  get code() {
    return this.problem.code;
  }
  get status() {
    return this.problem.status;
  }

  /** Messages by input field; a field is named as in the request (`workspace.name`). */
  get fields(): ReadonlyMap<string, string> {
    const fields = new Map(this.problem.errors?.map(({ field, message }) => [field, message]));
    if (this.problem.field && !fields.has(this.problem.field)) fields.set(this.problem.field, this.problem.detail);
    return fields;
  }
}

export const isApiError = (error: unknown, code?: string): error is ApiError =>
  error instanceof ApiError && (code === undefined || error.code === code);
