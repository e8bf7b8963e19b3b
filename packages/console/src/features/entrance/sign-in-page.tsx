import { getRouteApi, useRouter } from '@tanstack/react-router';
import type { SignInRequest } from '@zhiyin/contract';
import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isApiError } from '../../api/api-error.ts';
import { useSignIn } from '../../api/session.ts';
import { applyFieldErrors } from '../../components/apply-field-errors.ts';
import { explainError } from '../../components/explain-error.ts';
import { EntranceFrame } from './entrance-frame.tsx';

const route = getRouteApi('/sign-in');

export function SignInPage() {
  const { t } = useTranslation('entrance');
  const { to } = route.useSearch();
  const router = useRouter();
  const signIn = useSignIn();
  const [form] = Form.useForm<SignInRequest>();
  const [problem, setProblem] = useState<string | null>(null);

  const submit = async (credentials: SignInRequest) => {
    setProblem(null);
    try {
      await signIn.mutateAsync(credentials);
      await router.navigate({ href: to ?? '/', replace: true });
    } catch (error) {
      const isWrong = isApiError(error) && error.status === 401;
      if (!isWrong && applyFieldErrors(form, error)) return;
      const words = explainError(error, t);
      setProblem(isWrong ? t('signIn.wrong') : `${words.what}. ${words.fix}`);
      if (isWrong) form.getFieldInstance('password')?.focus();
    }
  };
  return (
    <EntranceFrame title={t('signIn.title')} lead={t('signIn.lead')}>
      {problem ? <Alert type="error" showIcon title={problem} style={{ marginBottom: 16 }} /> : null}
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={(values) => void submit(values)}
        validateTrigger="onSubmit"
      >
        <Form.Item
          name="email"
          label={t('email')}
          rules={[
            { required: true, message: t('common:required') },
            { type: 'email', message: t('emailOdd') },
          ]}
        >
          <Input type="email" autoComplete="username" autoFocus />
        </Form.Item>
        <Form.Item name="password" label={t('password')} rules={[{ required: true, message: t('common:required') }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" block loading={signIn.isPending}>
          {t('signIn.action')}
        </Button>
      </Form>
    </EntranceFrame>
  );
}
