import { useBlocker } from '@tanstack/react-router';
import { App } from 'antd';
import { useTranslation } from 'react-i18next';

/** Asks before somebody leaves the page with changes that are not saved; closing the tab asks too. */
export function useLeaveGuard(unsaved: number): void {
  const { modal } = App.useApp();
  const { t } = useTranslation('recommend');
  useBlocker({
    disabled: unsaved === 0,
    enableBeforeUnload: () => unsaved > 0,
    shouldBlockFn: async ({ current, next }) => {
      if (current.pathname === next.pathname) return false; // another person in the preview: the draft stays
      const leaves = await modal.confirm({
        title: t('leave.title'),
        content: t('leave.consequence', { count: unsaved }),
        okText: t('leave.action'),
        okButtonProps: { danger: true },
        cancelText: t('leave.stay'),
        autoFocusButton: 'cancel',
      });
      return !leaves;
    },
  });
}
