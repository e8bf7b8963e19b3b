import { useNavigate } from '@tanstack/react-router';
import type { WorkspaceCreate } from '@zhiyin/contract';
import { Form, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCreateWorkspace } from '../../api/workspaces.ts';
import { applyFieldErrors } from '../../components/apply-field-errors.ts';
import { useNotice } from '../../components/use-notice.tsx';
import { likelyWorkspace, WorkspaceFields } from '../../components/workspace-fields.tsx';
import { useLanguage } from '../../i18n/use-language.ts';

/** A new workspace of one's own. */
export function CreateWorkspace({ open, close }: { open: boolean; close: () => void }) {
  const { t } = useTranslation('shell');
  const language = useLanguage();
  const [form] = Form.useForm<WorkspaceCreate>();
  const create = useCreateWorkspace();
  const navigate = useNavigate();
  const notice = useNotice();

  const submit = async (values: WorkspaceCreate) => {
    try {
      const workspace = await create.mutateAsync({ ...values, locale: language });
      close();
      await navigate({ to: '/w/$workspaceId/data', params: { workspaceId: String(workspace.id) } });
    } catch (error) {
      if (!applyFieldErrors(form, error)) notice.failed(error);
    }
  };
  return (
    <Modal
      open={open}
      onCancel={close}
      title={t('workspace.createTitle')}
      okText={t('workspace.createAction')}
      cancelText={t('common:cancel')}
      confirmLoading={create.isPending}
      onOk={form.submit}
      destroyOnHidden
    >
      <p className="faint">{t('workspace.createHelp')}</p>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={likelyWorkspace(language)}
        onFinish={(values) => void submit(values)}
        style={{ marginTop: 16 }}
      >
        <WorkspaceFields />
      </Form>
    </Modal>
  );
}
