import { AppError } from '../../domain/app-error.ts';

/**
 * PostgreSQL's errors as outcomes. Constraint violations keep their SQLSTATE and constraint in the details, so that a caller
 * can tell "exists already" from a bug. Messages carry the statement, never its values.
 */
export function toControlError(sql: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const {
    code = '',
    constraint,
    message = String(cause),
  } = cause as {
    code?: string;
    constraint?: string;
    message?: string;
  };
  const where = sql.trim().replaceAll(/\s+/g, ' ').slice(0, 160);
  const details = { sqlState: code, ...(constraint ? { constraint } : {}) };
  const text = `control store: ${message} (${where})`;
  if (code === '53100' || code === 'ENOSPC') {
    return new AppError('storage.full', text, {
      cause,
      details: { ...details, fix: 'Free disk space; writing goes on by itself.' },
    });
  }
  if (code.startsWith('23')) return new AppError('conflict', text, { cause, details });
  const mayPass = /^(08|53|57|40|55P03|58)/.test(code) || /^(ECONN|EPIPE|ETIMEDOUT|EHOST)/.test(code);
  const isConnection = !code && /timeout|terminated|Connection|closed|ended/i.test(message);
  if (mayPass || isConnection) return new AppError('storage.unavailable', text, { cause, details });
  return new AppError('internal', text, { cause, details });
}
