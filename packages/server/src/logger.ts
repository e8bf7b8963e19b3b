import { type Logger, pino } from 'pino';

/** Structured logs, one JSON object a line, to stderr. Keys that may hold secrets are never written. */
export function createLogger(level: string, part: string): Logger {
  return pino(
    {
      level,
      base: { part },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: [
          '*.password',
          '*.connectionString',
          '*.masterKey',
          '*.authorization',
          '*.cookie',
          '*.writeKey',
          'req.headers',
          'email',
          'phone',
          '*.email',
          '*.phone',
        ],
        censor: '[hidden]',
      },
    },
    pino.destination(2),
  );
}
