import { useNavigate } from '@tanstack/react-router';
import type { WorkspaceCreate } from '@zhiyin/contract';
import { Button, Form } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCreateWorkspace } from '../../api/workspaces.ts';
import { applyFieldErrors } from '../../components/apply-field-errors.ts';
import { useNotice } from '../../components/use-notice.tsx';
import { likelyWorkspace, WorkspaceFields } from '../../components/workspace-fields.tsx';
import { useLanguage } from '../../i18n/use-language.ts';
import { EntranceFrame } from './entrance-frame.tsx';

/** Signed in, and a member of no workspace: make one, or wait for an invitation. */
export function NoWorkspacePage() {
  const { t } = useTranslation('entrance');
  const language = useLanguage();
  const [form] = Form.useForm<WorkspaceCreate>();
  const create = useCreateWorkspace();
  const navigate = useNavigate();
  const notice = useNotice();
  const submit = async (values: WorkspaceCreate) => {
    try {
      const { id } = await create.mutateAsync({ ...values, locale: language });
      await navigate({ to: '/w/$workspaceId/data', params: { workspaceId: String(id) } });
    } catch (error) {
      if (!applyFieldErrors(form, error)) notice.failed(error);
    }
  };
  return (
    <EntranceFrame title={t('noWorkspace.title')} lead={t('noWorkspace.lead')}>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={likelyWorkspace(language)}
        onFinish={(values) => void submit(values)}
      >
        <WorkspaceFields />
        <Button type="primary" htmlType="submit" block loading={create.isPending}>
          {t('noWorkspace.action')}
        </Button>
      </Form>
    </EntranceFrame>
  );
}
