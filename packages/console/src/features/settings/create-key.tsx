import { Checkbox, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ApiKeyCreate, useChangeApiKeys } from '../../api/api-keys.ts';
import { applyFieldErrors } from '../../components/apply-field-errors.ts';
import { scopeKey } from '../../components/scope-key.ts';
import { useNotice } from '../../components/use-notice.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import { SecretOnce } from './secret-once.tsx';
import styles from './settings.module.css';

/** Makes a key. A key cannot do more than who makes it, so only those scopes are offered. */
export function CreateKey({ open, close }: { open: boolean; close: () => void }) {
  const { t } = useTranslation('settings');
  const workspace = useWorkspace();
  const [form] = Form.useForm<ApiKeyCreate>();
  const { create } = useChangeApiKeys(workspace.id);
  const notice = useNotice();
  const [secret, setSecret] = useState<string | null>(null);
  const submit = async (values: ApiKeyCreate) => {
    try {
      const created = await create.mutateAsync(values);
      form.resetFields();
      setSecret(created.secret);
    } catch (error) {
      if (!applyFieldErrors(form, error)) notice.failed(error);
    }
  };
  const end = () => {
    setSecret(null);
    close();
  };
  if (secret) {
    return (
      <Modal
        open={open}
        title={t('keys.createdTitle')}
        okText={t('keys.createdAction')}
        onOk={end}
        closable={false}
        cancelButtonProps={{ hidden: true }}
        keyboard={false}
      >
        <SecretOnce says={t('keys.createdSays')} secret={secret} />
      </Modal>
    );
  }
  return (
    <Modal
      open={open}
      onCancel={close}
      title={t('keys.createTitle')}
      okText={t('keys.createAction')}
      cancelText={t('common:cancel')}
      confirmLoading={create.isPending}
      onOk={form.submit}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        validateTrigger="onSubmit"
        initialValues={{ scopes: ['data:read'] }}
        onFinish={(values) => void submit(values)}
      >
        <Form.Item
          name="name"
          label={t('keys.name')}
          extra={t('keys.nameHelp')}
          rules={[{ required: true, whitespace: true, message: t('common:required') }]}
        >
          <Input maxLength={120} autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="scopes"
          label={t('keys.scopes')}
          extra={t('keys.scopesHelp')}
          rules={[{ required: true, message: t('keys.scopesNone') }]}
        >
          <Checkbox.Group
            className={styles.checks!}
            options={workspace.scopes.map((value) => ({ value, label: t(scopeKey(value)) }))}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}
