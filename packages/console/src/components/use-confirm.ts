import { App } from 'antd';
import { useTranslation } from 'react-i18next';

interface Confirmation {
  /** What will be done, as a question: "Remove 3 members?" */
  title: string;
  /** To whom or what, how many, and that it can't be taken back. */
  consequence: string;
  /** What the button says: the same verb as the title. */
  action: string;
  /** Kept open and busy until it has ended. */
  run: () => Promise<unknown>;
}

/** Asks before what can't be undone: what, to whom, how many. What can be undone offers undo instead. */
export function useConfirm() {
  const { modal } = App.useApp();
  const { t } = useTranslation();
  return ({ title, consequence, action, run }: Confirmation) =>
    modal.confirm({
      title,
      content: consequence,
      okText: action,
      cancelText: t('cancel'),
      okButtonProps: { danger: true },
      autoFocusButton: 'cancel',
      onOk: run,
    });
}
