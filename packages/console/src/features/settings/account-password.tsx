import { Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { useUpdateOperator } from '../../api/session.ts';
import { applyFieldErrors } from '../../components/apply-field-errors.ts';
import { Section } from '../../components/section.tsx';
import { useNotice } from '../../components/use-notice.tsx';
import styles from './settings.module.css';

interface PasswordForm {
  password: { current: string; next: string };
}

export function AccountPassword() {
  const { t } = useTranslation('settings');
  const [form] = Form.useForm<PasswordForm>();
  const update = useUpdateOperator();
  const notice = useNotice();
  const submit = async ({ password }: PasswordForm) => {
    try {
      await update.mutateAsync({ password });
      form.resetFields();
      notice.done(t('account.passwordChanged'));
    } catch (error) {
      if (!applyFieldErrors(form, error, { 'password.current': t('account.passwordWrong') })) notice.failed(error);
    }
  };
  return (
    <Section title={t('account.password')} subtitle={t('account.passwordHelp')}>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        className={styles.form}
        validateTrigger="onSubmit"
        onFinish={(values) => void submit(values)}
      >
        <Form.Item
          name={['password', 'current']}
          label={t('account.passwordCurrent')}
          rules={[{ required: true, message: t('common:required') }]}
        >
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item
          name={['password', 'next']}
          label={t('account.passwordNext')}
          extra={t('account.passwordRule')}
          rules={[
            { required: true, message: t('common:required') },
            { min: 10, message: t('account.passwordShort') },
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Button htmlType="submit" loading={update.isPending}>
          {t('account.passwordAction')}
        </Button>
      </Form>
    </Section>
  );
}
