import { Form, type FormInstance, Modal } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { SecretOnce } from './secret-once.tsx';

/** What was made, with the secret that is seen this once. */
export type MadeSecret = {
  readonly title: string;
  readonly action: string;
  readonly says: string;
  readonly secret: string;
};

type Props<Values extends object> = {
  readonly open: boolean;
  readonly close: () => void;
  readonly title: string;
  readonly action: string;
  readonly form: FormInstance<Values>;
  readonly initialValues: Partial<Values>;
  readonly isPending: boolean;
  readonly submit: (values: Values) => Promise<void>;
  readonly made: MadeSecret | null;
  /** After the secret was seen. */
  readonly end: () => void;
  readonly children: ReactNode;
};

/** A form whose answer is a secret: once it is there, it takes the form's place and the dialog closes on purpose only. */
export function SecretDialog<Values extends object>(props: Props<Values>) {
  const { open, close, form, made } = props;
  const { t } = useTranslation('common');
  if (made) {
    return (
      <Modal
        open={open}
        title={made.title}
        okText={made.action}
        onOk={props.end}
        closable={false}
        cancelButtonProps={{ hidden: true }}
        keyboard={false}
      >
        <SecretOnce says={made.says} secret={made.secret} />
      </Modal>
    );
  }
  return (
    <Modal
      open={open}
      onCancel={close}
      title={props.title}
      okText={props.action}
      cancelText={t('cancel')}
      confirmLoading={props.isPending}
      onOk={form.submit}
    >
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        validateTrigger="onSubmit"
        initialValues={props.initialValues}
        onFinish={(values) => void props.submit(values)}
      >
        {props.children}
      </Form>
    </Modal>
  );
}
