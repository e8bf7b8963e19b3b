import type { TFunction } from 'i18next';
import { isApiError } from '../api/api-error.ts';

export interface ErrorWords {
  what: string;
  detail?: string;
  fix: string;
}

/** An error in the reader's words: by its code, else by its status, else as something unexpected. */
export function explainError(error: unknown, t: TFunction): ErrorWords {
  if (!isApiError(error)) {
    return {
      what: t('error.unexpected'),
      detail: error instanceof Error ? error.message : undefined,
      fix: t('error.tryReload'),
    };
  }
  const { status, problem } = error;
  const fix = problem.fix ?? '';
  if (status === 0) return { what: t('error.network'), fix: t('error.networkFix') };
  if (status === 403)
    return { what: t('error.forbidden'), detail: problem.detail, fix: fix || t('error.forbiddenFix') };
  if (status === 404) return { what: t('error.notFound'), detail: problem.detail, fix };
  if (status === 429) return { what: t('error.tooMany'), detail: problem.detail, fix: fix || t('error.waitFix') };
  if (status === 503) return { what: t('error.unavailable'), detail: problem.detail, fix: fix || t('error.waitFix') };
  if (status >= 500 && status !== 507)
    return { what: t('error.server'), detail: problem.detail, fix: fix || t('error.tryReload') };
  const key = `error.code.${problem.code.replaceAll('.', '_')}`;
  const what = t(key, { ns: 'common', defaultValue: '' });
  return what ? { what, detail: problem.detail, fix } : { what: problem.detail || problem.title, fix };
}
