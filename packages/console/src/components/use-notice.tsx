import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { isApiError } from '../api/api-error.ts';
import { CopyText } from './copy-text.tsx';
import { explainError } from './explain-error.ts';

/** Short words about what was done: done, done with undo, failed. */
export function useNotice() {
  const { message, notification } = App.useApp();
  const { t } = useTranslation();
  return {
    done: (text: string) => void message.success(text),
    undoable: (text: string, undo: () => void) => {
      const key = `undo-${text}`;
      notification.info({
        key,
        title: text,
        duration: 10,
        placement: 'bottom',
        actions: (
          <Button
            type="primary"
            size="small"
            onClick={() => {
              notification.destroy(key);
              undo();
            }}
          >
            {t('undo')}
          </Button>
        ),
      });
    },
    failed: (error: unknown) => {
      const words = explainError(error, t);
      const id = isApiError(error) ? error.problem.instance : '';
      notification.error({
        title: words.what,
        duration: 8,
        description: (
          <>
            {[words.detail, words.fix].filter(Boolean).join(t('common:sentenceGap'))}
            {id ? (
              <div>
                {t('error.quote')} <CopyText text={id} code />
              </div>
            ) : null}
          </>
        ),
      });
    },
  };
}
