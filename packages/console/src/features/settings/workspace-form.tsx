import type { Workspace, WorkspaceUpdate } from '@zhiyin/contract';
import { Alert, Button, Form, Input, InputNumber, Select, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { useUpdateWorkspace } from '../../api/workspaces.ts';
import { applyFieldErrors } from '../../components/apply-field-errors.ts';
import { languageNames } from '../../components/language-switch.tsx';
import { Section } from '../../components/section.tsx';
import { useNotice } from '../../components/use-notice.tsx';
import { WorkspaceFields } from '../../components/workspace-fields.tsx';
import { languages } from '../../i18n/i18n.ts';
import styles from './settings.module.css';

interface WorkspaceFormProps {
  workspace: Workspace;
  mayWrite: boolean;
}

export function WorkspaceForm({ workspace, mayWrite }: WorkspaceFormProps) {
  const { t } = useTranslation('settings');
  const [form] = Form.useForm<WorkspaceUpdate>();
  const update = useUpdateWorkspace(workspace.id);
  const notice = useNotice();
  const { name, timeZone, currency, locale, settings } = workspace;
  const submit = async (values: WorkspaceUpdate) => {
    try {
      // An emptied number means: as built in.
      const given = Object.entries(values.settings ?? {}).filter(([, value]) => value !== null && value !== undefined);
      await update.mutateAsync({ ...values, settings: Object.fromEntries(given) });
      notice.done(t('common:saved'));
    } catch (error) {
      if (!applyFieldErrors(form, error)) notice.failed(error);
    }
  };
  const number = (field: string, min: number, max: number) => (
    <Form.Item name={['settings', field]} label={t(`workspace.${field}`)} extra={t(`workspace.${field}Help`)}>
      <InputNumber min={min} max={max} precision={0} className={styles.number!} />
    </Form.Item>
  );
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      disabled={!mayWrite}
      initialValues={{ name, timeZone, currency, locale, settings }}
      onFinish={(values) => void submit(values)}
      className={styles.stack}
    >
      {mayWrite ? null : <Alert type="info" showIcon title={t('readOnly')} />}
      <Section title={t('workspace.brand')}>
        <div className={styles.form}>
          <WorkspaceFields />
          <Form.Item name="locale" label={t('workspace.locale')} extra={t('workspace.localeHelp')}>
            <Select options={languages.map((value) => ({ value, label: languageNames[value] }))} />
          </Form.Item>
        </div>
      </Section>
      <Section title={t('workspace.rules')} subtitle={t('workspace.rulesHelp')}>
        <div className={styles.form}>
          <Form.Item
            name={['settings', 'maskFreeText']}
            label={t('workspace.maskFreeText')}
            extra={t('workspace.maskFreeTextHelp')}
            valuePropName="checked"
          >
            <Switch />
          </Form.Item>
          <Form.Item
            name={['settings', 'phoneCountry']}
            label={t('workspace.phoneCountry')}
            extra={t('workspace.phoneCountryHelp')}
            normalize={(value: string) => value.toUpperCase()}
            rules={[{ pattern: /^[A-Z]{2}$/, message: t('workspace.phoneCountryOdd') }]}
          >
            <Input maxLength={2} className={styles.number!} />
          </Form.Item>
          {number('oldestEventDays', 1, 36_500)}
          {number('identifiersPerProfileMax', 2, 1_000)}
          {number('mergesPerProfileMax', 1, 1_000)}
          {number('peoplePerIdentifierMax', 1, 1_000)}
          <Form.Item
            name={['settings', 'blockedIdentifiers']}
            label={t('workspace.blockedIdentifiers')}
            extra={t('workspace.blockedIdentifiersHelp')}
          >
            <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '\n']} />
          </Form.Item>
        </div>
      </Section>
      {mayWrite ? (
        <div>
          <Button type="primary" htmlType="submit" loading={update.isPending}>
            {t('workspace.action')}
          </Button>
        </div>
      ) : null}
    </Form>
  );
}
