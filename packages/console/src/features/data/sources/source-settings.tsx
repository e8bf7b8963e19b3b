import type { Source } from '@zhiyin/contract';
import { Button, Form, Input, InputNumber, Select, Space } from 'antd';
import { useTranslation } from 'react-i18next';
import { type SourceUpdate, useUpdateSource } from '../../../api/sources.ts';
import { applyFieldErrors } from '../../../components/apply-field-errors.ts';
import { useConfirm } from '../../../components/use-confirm.ts';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../data.module.css';

/** Name, origins, rate; a new key; on and off. */
export function SourceSettings({ source }: { readonly source: Source }) {
  const { t } = useTranslation('data');
  const { id: workspaceId } = useWorkspace();
  const formats = useFormats();
  const update = useUpdateSource(workspaceId);
  const notice = useNotice();
  const confirm = useConfirm();
  const [form] = Form.useForm<SourceUpdate>();
  const change = (changes: SourceUpdate, says: string) =>
    update.mutateAsync({ sourceId: source.id, update: changes }).then(
      () => notice.done(says),
      (error) => {
        if (!applyFieldErrors(form, error)) notice.failed(error);
      },
    );
  const recent = source.recent.valid + source.recent.duplicate + source.recent.quarantined;
  const rotate = () =>
    confirm({
      title: t('sources.rotateTitle', { name: source.name }),
      consequence: t('sources.rotateConsequence', { records: formats.count(recent) }),
      action: t('sources.rotateAction'),
      run: () => change({ rotate: true }, t('sources.rotated')),
    });
  const toggle = () => {
    if (source.disabledAt !== null) return void change({ disabled: false }, t('sources.enabled'));
    void update
      .mutateAsync({ sourceId: source.id, update: { disabled: true } })
      .then(
        () =>
          notice.undoable(
            t('sources.disabled', { name: source.name }),
            () => void change({ disabled: false }, t('sources.enabled')),
          ),
        notice.failed,
      );
  };
  return (
    <section className={styles.stackSmall}>
      <h3>{t('sources.settings')}</h3>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{
          name: source.name,
          allowedOrigins: source.allowedOrigins,
          eventsPerSecondMax: source.eventsPerSecondMax,
        }}
        onFinish={(values) =>
          void change({ ...values, eventsPerSecondMax: values.eventsPerSecondMax ?? null }, t('saved'))
        }
      >
        <Form.Item
          name="name"
          label={t('sources.name')}
          rules={[{ required: true, whitespace: true, message: t('required') }]}
        >
          <Input maxLength={120} />
        </Form.Item>
        {(source.kind === 'web' || source.kind === 'app') && (
          <Form.Item name="allowedOrigins" label={t('sources.origins')} extra={t('sources.originsHint')}>
            <Select
              mode="tags"
              tokenSeparators={[',', ' ']}
              placeholder="https://www.example.com"
              open={false}
              suffixIcon={null}
            />
          </Form.Item>
        )}
        <Form.Item name="eventsPerSecondMax" label={t('sources.rate')} extra={t('sources.rateHint')}>
          <InputNumber min={1} step={10} placeholder={t('sources.rateNone')} style={{ width: 200 }} />
        </Form.Item>
        <Space wrap>
          <Button type="primary" htmlType="submit" loading={update.isPending}>
            {t('save')}
          </Button>
          <Button onClick={rotate}>{t('sources.rotate')}</Button>
          <Button onClick={toggle}>{t(source.disabledAt === null ? 'sources.disable' : 'sources.enable')}</Button>
        </Space>
      </Form>
    </section>
  );
}
