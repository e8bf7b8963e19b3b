import type { Source } from '@zhiyin/contract';
import { Form, Input, Modal, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { type SourceCreate, useCreateSource } from '../../../api/sources.ts';
import { applyFieldErrors } from '../../../components/apply-field-errors.ts';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import styles from '../data.module.css';

type Props = { readonly isOpen: boolean; readonly onClose: () => void; readonly onCreated: (source: Source) => void };
const kinds = ['web', 'server', 'app', 'catalogue'] as const;

/** Asks for what a new source cannot do without: a name and what it is. */
export function NewSource({ isOpen, onClose, onCreated }: Props) {
  const { t } = useTranslation('data');
  const { id: workspaceId } = useWorkspace();
  const [form] = Form.useForm<SourceCreate>();
  const kind = Form.useWatch('kind', form);
  const create = useCreateSource(workspaceId);
  const notice = useNotice();
  const submit = (values: SourceCreate) =>
    create.mutate(values, {
      onSuccess: (source) => {
        form.resetFields();
        onCreated(source);
      },
      onError: (error) => {
        if (!applyFieldErrors(form, error)) notice.failed(error);
      },
    });
  return (
    <Modal
      open={isOpen}
      title={t('sources.add')}
      okText={t('sources.create')}
      onCancel={onClose}
      onOk={form.submit}
      confirmLoading={create.isPending}
      destroyOnHidden
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ kind: 'web', allowedOrigins: [] }}
        onFinish={submit}
        requiredMark={false}
      >
        <Form.Item name="kind" label={t('sources.kind')}>
          <Radio.Group className={styles.choices}>
            {kinds.map((value) => (
              <Radio key={value} value={value}>
                <b>{t(`sources.kinds.${value}`)}</b>
                <span className={styles.hint}>{t(`sources.kindHints.${value}`)}</span>
              </Radio>
            ))}
          </Radio.Group>
        </Form.Item>
        <Form.Item
          name="name"
          label={t('sources.name')}
          rules={[{ required: true, whitespace: true, message: t('required') }]}
        >
          <Input maxLength={120} placeholder={t('sources.namePlaceholder')} />
        </Form.Item>
        {kind === 'web' && (
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
      </Form>
    </Modal>
  );
}
