import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import type { SetupRequest } from '@zhiyin/contract';
import { Alert, Button, Checkbox, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isApiError } from '../../api/api-error.ts';
import { useSetUp } from '../../api/setup.ts';
import { applyFieldErrors } from '../../components/apply-field-errors.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { explainError } from '../../components/explain-error.ts';
import { likelyWorkspace, WorkspaceFields } from '../../components/workspace-fields.tsx';
import { useLanguage } from '../../i18n/use-language.ts';
import { EntranceFrame } from './entrance-frame.tsx';

const route = getRouteApi('/setup');

/** First run: the owner's account, and a workspace of one's own beside the demo. */
export function SetupPage() {
  const { t } = useTranslation('entrance');
  const language = useLanguage();
  const { token } = route.useSearch();
  const setup = route.useLoaderData();
  const navigate = useNavigate();
  const setUp = useSetUp();
  const [form] = Form.useForm<SetupRequest>();
  const [problem, setProblem] = useState<string | null>(null);
  const [ownWorkspace, setOwnWorkspace] = useState(!setup.hasDemo);

  if (!setup.needed) {
    return (
      <EntranceFrame title={t('setup.doneTitle')}>
        <EmptyState
          sentence={t('setup.doneSentence')}
          action={
            <Link to="/sign-in">
              <Button type="primary">{t('signIn.action')}</Button>
            </Link>
          }
        />
      </EntranceFrame>
    );
  }

  const submit = async ({ workspace, ...account }: SetupRequest) => {
    setProblem(null);
    try {
      const session = await setUp.mutateAsync({ ...account, locale: language, ...(ownWorkspace ? { workspace } : {}) });
      const own = session.workspaces.find(({ isDemo }) => !isDemo);
      await (ownWorkspace && own
        ? navigate({ to: '/w/$workspaceId/data', params: { workspaceId: String(own.id) }, replace: true })
        : navigate({ to: '/', replace: true }));
    } catch (error) {
      const isToken = isApiError(error) && (error.status === 401 || error.status === 403);
      if (!isToken && applyFieldErrors(form, error)) return;
      const words = explainError(error, t);
      setProblem(isToken ? t('setup.tokenWrong') : [words.what, words.fix].filter(Boolean).join(' '));
    }
  };
  return (
    <EntranceFrame title={t('setup.title')} lead={t('setup.lead')}>
      {problem ? <Alert type="error" showIcon title={problem} style={{ marginBottom: 16 }} /> : null}
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        validateTrigger="onSubmit"
        initialValues={{ token, workspace: likelyWorkspace(language) }}
        onFinish={(values) => void submit(values)}
      >
        <Form.Item
          name="token"
          label={t('setup.token')}
          extra={t('setup.tokenHelp')}
          hidden={Boolean(token) && problem === null}
          rules={[{ required: true, message: t('common:required') }]}
        >
          <Input autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="name"
          label={t('setup.name')}
          rules={[{ required: true, whitespace: true, message: t('common:required') }]}
        >
          <Input autoComplete="name" autoFocus={Boolean(token)} maxLength={120} />
        </Form.Item>
        <Form.Item
          name="email"
          label={t('email')}
          rules={[
            { required: true, message: t('common:required') },
            { type: 'email', message: t('emailOdd') },
          ]}
        >
          <Input type="email" autoComplete="username" />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('password')}
          extra={t('passwordHelp')}
          rules={[
            { required: true, message: t('common:required') },
            { min: 10, message: t('passwordShort') },
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        {setup.hasDemo ? (
          <Alert type="info" title={t('setup.demoTitle')} description={t('setup.demo')} style={{ marginBottom: 20 }} />
        ) : null}
        <Form.Item>
          <Checkbox checked={ownWorkspace} onChange={(event) => setOwnWorkspace(event.target.checked)}>
            {t('setup.ownWorkspace')}
          </Checkbox>
        </Form.Item>
        {ownWorkspace ? <WorkspaceFields under="workspace" /> : null}
        <Button type="primary" htmlType="submit" block loading={setUp.isPending}>
          {t('setup.action')}
        </Button>
      </Form>
    </EntranceFrame>
  );
}
