import type { Session } from '@zhiyin/contract';
import { Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { useUpdateOperator } from '../../api/session.ts';
import { applyFieldErrors } from '../../components/apply-field-errors.ts';
import { Section } from '../../components/section.tsx';
import { useNotice } from '../../components/use-notice.tsx';
import styles from './settings.module.css';

export function AccountName({ session }: { session: Session }) {
  const { t } = useTranslation('settings');
  const [form] = Form.useForm<{ name: string }>();
  const update = useUpdateOperator();
  const notice = useNotice();
  const submit = async (values: { name: string }) => {
    try {
      await update.mutateAsync(values);
      notice.done(t('common:saved'));
    } catch (error) {
      if (!applyFieldErrors(form, error)) notice.failed(error);
    }
  };
  return (
    <Section title={t('account.name')} subtitle={t('account.nameHelp')}>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        className={styles.form}
        initialValues={{ name: session.operator.name }}
        onFinish={(values) => void submit(values)}
      >
        <Form.Item
          name="name"
          label={t('account.name')}
          rules={[{ required: true, whitespace: true, message: t('common:required') }]}
        >
          <Input autoComplete="name" maxLength={120} />
        </Form.Item>
        <Button htmlType="submit" loading={update.isPending}>
          {t('common:save')}
        </Button>
      </Form>
    </Section>
  );
}
