/** What of an error may be logged: enough to find the fault. Not the whole: database errors carry the values that caused them. */
export function describeError(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error).slice(0, 500) };
  return {
    name: error.name,
    code: (error as { code?: unknown }).code,
    message: error.message.slice(0, 2_000),
    stack: error.stack?.split('\n').slice(1, 8).join('\n'),
    cause: error.cause === undefined || depth > 3 ? undefined : describeError(error.cause, depth + 1),
  };
}
