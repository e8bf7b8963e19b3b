import { useBlocker } from '@tanstack/react-router';
import { App } from 'antd';
import { useTranslation } from 'react-i18next';

/** Asks before somebody leaves a rule that is not saved; closing the tab asks too. */
export function useLeaveGuard(isUnsaved: boolean): void {
  const { modal } = App.useApp();
  const { t } = useTranslation('segments');
  useBlocker({
    disabled: !isUnsaved,
    enableBeforeUnload: () => isUnsaved,
    shouldBlockFn: async ({ current, next }) => {
      if (current.pathname === next.pathname) return false;
      const leaves = await modal.confirm({
        title: t('leave.title'),
        content: t('leave.consequence'),
        okText: t('leave.action'),
        okButtonProps: { danger: true },
        cancelText: t('leave.stay'),
        autoFocusButton: 'cancel',
      });
      return !leaves;
    },
  });
}
