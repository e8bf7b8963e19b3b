import { Checkbox, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ApiKeyCreate, useChangeApiKeys } from '../../api/api-keys.ts';
import { applyFieldErrors } from '../../components/apply-field-errors.ts';
import { scopeKey } from '../../components/scope-key.ts';
import { useNotice } from '../../components/use-notice.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import { SecretDialog } from './secret-dialog.tsx';
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
  return (
    <SecretDialog
      open={open}
      close={close}
      title={t('keys.createTitle')}
      action={t('keys.createAction')}
      form={form}
      initialValues={{ scopes: ['data:read'] }}
      isPending={create.isPending}
      submit={submit}
      made={
        secret === null
          ? null
          : { title: t('keys.createdTitle'), action: t('keys.createdAction'), says: t('keys.createdSays'), secret }
      }
      end={end}
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
    </SecretDialog>
  );
}
