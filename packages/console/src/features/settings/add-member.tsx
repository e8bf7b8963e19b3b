import { roleSchema } from '@zhiyin/contract';
import { Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isApiError } from '../../api/api-error.ts';
import { type MemberCreate, useChangeMembers } from '../../api/members.ts';
import { applyFieldErrors } from '../../components/apply-field-errors.ts';
import { useNotice } from '../../components/use-notice.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import { SecretDialog } from './secret-dialog.tsx';

/** Adds somebody by e-mail. Somebody new gets a first password, shown this once. */
export function AddMember({ open, close }: { open: boolean; close: () => void }) {
  const { t } = useTranslation('settings');
  const workspace = useWorkspace();
  const [form] = Form.useForm<MemberCreate>();
  const { add } = useChangeMembers(workspace.id);
  const notice = useNotice();
  const [created, setCreated] = useState<{ email: string; password: string } | null>(null);

  const submit = async (values: MemberCreate) => {
    try {
      const { member, firstPassword } = await add.mutateAsync(values);
      form.resetFields();
      if (firstPassword) setCreated({ email: member.email, password: firstPassword });
      else {
        notice.done(t('members.added', { email: member.email }));
        close();
      }
    } catch (error) {
      const words: Record<string, string> = isApiError(error, 'conflict') ? { email: t('members.already') } : {};
      if (!applyFieldErrors(form, error, words)) notice.failed(error);
    }
  };
  const end = () => {
    setCreated(null);
    close();
  };
  return (
    <SecretDialog
      open={open}
      close={close}
      title={t('members.addTitle', { name: workspace.name })}
      action={t('members.addAction')}
      form={form}
      initialValues={{ role: 'marketer' }}
      isPending={add.isPending}
      submit={submit}
      made={
        created && {
          title: t('members.createdTitle'),
          action: t('members.createdAction'),
          says: t('members.createdSays', { email: created.email }),
          secret: created.password,
        }
      }
      end={end}
    >
      <Form.Item
        name="email"
        label={t('members.email')}
        rules={[
          { required: true, message: t('common:required') },
          { type: 'email', message: t('members.emailOdd') },
        ]}
      >
        <Input type="email" autoComplete="off" />
      </Form.Item>
      <Form.Item name="name" label={t('members.name')}>
        <Input maxLength={120} autoComplete="off" />
      </Form.Item>
      <Form.Item name="role" label={t('members.column.role')} extra={t('members.roleHelp')}>
        <Select
          options={roleSchema.options.map((value) => ({
            value,
            label: `${t(`common:role.${value}`)} · ${t(`members.roleSays.${value}`)}`,
          }))}
        />
      </Form.Item>
    </SecretDialog>
  );
}
