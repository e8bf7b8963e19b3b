import { useNavigate } from '@tanstack/react-router';
import {
  recommendRulesSchema,
  type Surface,
  type SurfaceKind,
  surfaceKinds,
  surfaceNameSchema,
} from '@zhiyin/contract';
import { Form, Input, Modal, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSaveSurface } from '../../../api/recommend-surfaces.ts';
import { applyFieldErrors } from '../../../components/apply-field-errors.ts';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { firstChains } from './first-chains.ts';

type Fields = { surface: string; name: string; kind: SurfaceKind };
type Props = { readonly open: boolean; readonly close: () => void; readonly taken: readonly Surface[] };

/** A place of the brand's own that shall show recommendations. */
export function CreateSurface({ open, close, taken }: Props) {
  const { t } = useTranslation('recommend');
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const [form] = Form.useForm<Fields>();
  const save = useSaveSurface(workspace.id);
  const notice = useNotice();
  const create = ({ surface, name, kind }: Fields) =>
    save.mutate(
      {
        surface,
        body: {
          name,
          kind,
          enabled: true,
          isPublic: false,
          k: 12,
          chain: [...firstChains[kind]],
          rules: recommendRulesSchema.parse({}),
          experiment: null,
        },
      },
      {
        onSuccess: () => {
          close();
          form.resetFields();
          void navigate({
            to: '/w/$workspaceId/recommend/surfaces/$surface',
            params: { workspaceId: String(workspace.id), surface },
          });
        },
        onError: (error) => {
          if (!applyFieldErrors(form, error)) notice.failed(error);
        },
      },
    );
  return (
    <Modal
      open={open}
      onCancel={close}
      title={t('surfaces.create')}
      okText={t('create.action')}
      okButtonProps={{ loading: save.isPending }}
      onOk={() => form.submit()}
    >
      <Form form={form} layout="vertical" onFinish={create} initialValues={{ kind: 'home' }} requiredMark={false}>
        <Form.Item name="name" label={t('create.name')} rules={[{ required: true, message: t('common:required') }]}>
          <Input maxLength={120} placeholder={t('create.nameExample')} />
        </Form.Item>
        <Form.Item
          name="surface"
          label={t('create.surface')}
          extra={t('create.surfaceHelp')}
          rules={[
            { required: true, message: t('common:required') },
            {
              validator: (_, value: string) =>
                !value || surfaceNameSchema.safeParse(value).success
                  ? Promise.resolve()
                  : Promise.reject(new Error(t('create.surfaceShape'))),
            },
            {
              validator: (_, value: string) =>
                taken.some((one) => one.surface === value)
                  ? Promise.reject(new Error(t('create.surfaceTaken')))
                  : Promise.resolve(),
            },
          ]}
        >
          <Input maxLength={80} placeholder="email:welcome" />
        </Form.Item>
        <Form.Item name="kind" label={t('create.kind')}>
          <Select options={surfaceKinds.map((value) => ({ value, label: t(`surfaceKind.${value}`) }))} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
