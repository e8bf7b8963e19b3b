import { type LlmSettings, type LlmUpdate, llmLimits, structuredOutputSchema } from '@zhiyin/contract';
import { Alert, Button, Form, Input, InputNumber, Select, Space, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDeleteLlm, useSaveLlm } from '../../../api/llm.ts';
import { applyFieldErrors } from '../../../components/apply-field-errors.ts';
import { Section } from '../../../components/section.tsx';
import { useConfirm } from '../../../components/use-confirm.ts';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import styles from '../settings.module.css';

type Values = Omit<LlmUpdate, 'apiKey'> & { apiKey?: string };

export function EndpointForm({ settings, mayWrite }: { settings: LlmSettings; mayWrite: boolean }) {
  const { t } = useTranslation('llm');
  const [form] = Form.useForm<Values>();
  const workspace = useWorkspace();
  const save = useSaveLlm(workspace.id);
  const forget = useDeleteLlm(workspace.id);
  const notice = useNotice();
  const confirm = useConfirm();
  const [withoutKey, setWithoutKey] = useState(false);
  const { isSet, key, currency, today: _, updatedAt: __, ...values } = settings;

  const submit = async ({ apiKey, ...given }: Values) => {
    try {
      // An empty field keeps the key in store.
      const newKey = withoutKey ? { apiKey: null } : apiKey ? { apiKey } : {};
      await save.mutateAsync({ ...given, budget: withNulls(given.budget), ...newKey });
      notice.done(t('common:saved'));
    } catch (error) {
      if (!applyFieldErrors(form, error, { baseUrl: t('baseUrlOdd'), apiKey: t('keyOfOtherHost') })) {
        notice.failed(error);
      }
    }
  };
  const askForget = () =>
    void confirm({
      title: t('forgetTitle'),
      consequence: t('forgetConsequence'),
      action: t('forget'),
      run: () => forget.mutateAsync(),
    });
  const number = (name: string[], label: string, extra: string | undefined, limits: { min: number; max?: number }) => (
    <Form.Item name={name} label={t(label)} extra={extra}>
      <InputNumber {...limits} className={styles.number!} />
    </Form.Item>
  );

  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      disabled={!mayWrite}
      initialValues={values}
      onFinish={(given) => void submit(given)}
      className={styles.stack}
    >
      {mayWrite ? null : <Alert type="info" showIcon title={t('readOnly')} />}
      <Section title={t('endpoint')} subtitle={t('endpointHelp')}>
        <div className={styles.form}>
          <Form.Item name="enabled" label={t('enabled')} extra={t('enabledHelp')} valuePropName="checked">
            <Switch />
          </Form.Item>
          <Form.Item
            name="baseUrl"
            label={t('baseUrl')}
            extra={t('baseUrlHelp')}
            rules={[{ required: true, pattern: /^https?:\/\/[^\s?#@]+$/, message: t('baseUrlOdd') }]}
          >
            <Input placeholder="https://api.example.com/v1" autoComplete="off" />
          </Form.Item>
          <Form.Item name="apiKey" label={t('key')} extra={t('keyHelp')}>
            <Input.Password
              autoComplete="new-password"
              disabled={!mayWrite || withoutKey}
              placeholder={key.isSet ? t('keyIsSet', { last: key.last4 || '····' }) : t('keyNone')}
            />
          </Form.Item>
          {key.isSet && mayWrite ? (
            <Form.Item label={t('keyRemove')} layout="horizontal">
              <Switch checked={withoutKey} onChange={setWithoutKey} aria-label={t('keyRemove')} />
            </Form.Item>
          ) : null}
        </div>
      </Section>
      <Section title={t('models')} subtitle={t('modelsHelp')}>
        <div className={styles.form}>
          {(['chatModel', 'embeddingsModel', 'visionModel'] as const).map((name) => (
            <Form.Item key={name} name={name} label={t(name)} extra={t(`${name}Help`)}>
              <Input autoComplete="off" spellCheck={false} />
            </Form.Item>
          ))}
          <Form.Item name="structuredOutput" label={t('structuredOutput')} extra={t('structuredOutputHelp')}>
            <Select options={structuredOutputSchema.options.map((value) => ({ value, label: t(`mode.${value}`) }))} />
          </Form.Item>
        </div>
      </Section>
      <Section title={t('budget')} subtitle={t('budgetHelp')}>
        <div className={styles.form}>
          {number(['budget', 'tokensPerDay'], 'tokensPerDay', t('noLimitHelp'), { min: 0, max: 1e12 })}
          {number(['budget', 'amountPerDay'], 'amountPerDay', t('amountHelp', { currency }), { min: 0, max: 1e9 })}
          {number(['prices', 'chatInput'], 'priceInput', t('priceHelp', { currency }), { min: 0 })}
          {number(['prices', 'chatOutput'], 'priceOutput', undefined, { min: 0 })}
          {number(['prices', 'embeddings'], 'priceEmbeddings', undefined, { min: 0 })}
        </div>
      </Section>
      <Section title={t('limits')}>
        <div className={styles.form}>
          {number(['timeouts', 'chatSeconds'], 'chatSeconds', t('secondsHelp'), {
            min: 1,
            max: llmLimits.timeoutSecondsMax,
          })}
          {number(['timeouts', 'embeddingsSeconds'], 'embeddingsSeconds', undefined, {
            min: 1,
            max: llmLimits.timeoutSecondsMax,
          })}
          {number(['promptDays'], 'promptDays', t('promptDaysHelp'), { min: 0, max: llmLimits.promptDaysMax })}
        </div>
      </Section>
      {mayWrite ? (
        <Space>
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {t('save')}
          </Button>
          {isSet ? (
            <Button danger onClick={askForget} loading={forget.isPending}>
              {t('forget')}
            </Button>
          ) : null}
        </Space>
      ) : null}
    </Form>
  );
}

/** An emptied field is undefined or null: no limit. */
const withNulls = ({ tokensPerDay, amountPerDay }: LlmUpdate['budget']): LlmUpdate['budget'] => ({
  tokensPerDay: tokensPerDay ?? null,
  amountPerDay: amountPerDay ?? null,
});
