import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type Prediction, type PredictionKind, predictionKindSchema } from '@zhiyin/contract';
import { Form, Input, InputNumber, Modal, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import {
  type PredictionCreate,
  predictionCheckQuery,
  predictionOptionsQuery,
  useCreatePrediction,
  useStartPrediction,
} from '../../api/predictions.ts';
import { applyFieldErrors } from '../../components/apply-field-errors.ts';
import { useNotice } from '../../components/use-notice.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import { useFormats } from '../../format/use-formats.ts';
import styles from './predictions.module.css';
import { usePredictionWords } from './use-prediction-words.ts';

type Fields = {
  kind: PredictionKind;
  goalEvent?: string;
  horizonDays: number;
  who: 'buyers' | 'active' | 'everyone';
  withinDays: number;
  name: string;
};
type Props = { readonly close: () => void; readonly taken: readonly Prediction[] };

const first: Fields = { kind: 'churn', horizonDays: 60, who: 'buyers', withinDays: 365, name: '' };
/** Kinds about purchases look at buyers; the others at whoever was there lately. */
const whoFor: Partial<Record<PredictionKind, Fields['who']>> = {
  goal: 'active',
  next_action: 'active',
  anomaly: 'active',
};

/** What to foretell, how far ahead and of whom. Whether there is enough to learn from is said while choosing. */
export function CreatePrediction({ close, taken }: Props) {
  const { t } = useTranslation('predictions');
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const notice = useNotice();
  const words = usePredictionWords();
  const [form] = Form.useForm<Fields>();
  const fields: Fields = { ...first, ...Form.useWatch([], form) };
  const options = useQuery(predictionOptionsQuery(workspace.id));
  const create = useCreatePrediction(workspace.id);
  const start = useStartPrediction(workspace.id);
  const isWhole = fields.kind !== 'goal' || fields.goalEvent !== undefined;
  const ask = toCreate(fields, taken, words.kindName(fields.kind));
  const check = useQuery({ ...predictionCheckQuery(workspace.id, ask), enabled: isWhole && fields.horizonDays >= 7 });

  const save = () =>
    create.mutate(ask, {
      onSuccess: (made) => {
        start.mutate({ id: made.id, kind: 'train' }, { onError: notice.failed });
        close();
        void navigate({
          to: '/w/$workspaceId/predictions/$predictionId',
          params: { workspaceId: String(workspace.id), predictionId: String(made.id) },
        });
      },
      onError: (error) => {
        if (!applyFieldErrors(form, error)) notice.failed(error);
      },
    });
  return (
    <Modal
      open
      onCancel={close}
      title={t('create.title')}
      okText={t('create.action')}
      onOk={() => form.submit()}
      confirmLoading={create.isPending}
      okButtonProps={{ disabled: check.data?.refusal != null || !isWhole }}
      width={640}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={first}
        onFinish={save}
        onValuesChange={(changed: Partial<Fields>) => {
          if (changed.kind) form.setFieldValue('who', whoFor[changed.kind] ?? 'buyers');
        }}
      >
        <Form.Item name="kind" label={t('create.kind')}>
          <Radio.Group className={styles.kinds!}>
            {predictionKindSchema.options.map((kind) => (
              <Radio.Button key={kind} value={kind}>
                <b>{words.kindName(kind)}</b>
                <br />
                <span className={styles.small}>{t(`kind.${kind}.help`)}</span>
              </Radio.Button>
            ))}
          </Radio.Group>
        </Form.Item>
        {fields.kind === 'goal' && (
          <Form.Item
            name="goalEvent"
            label={t('create.goal')}
            rules={[{ required: true, message: t('create.goalNeeded') }]}
          >
            <Select
              showSearch
              placeholder={t('create.goalPlaceholder')}
              options={(options.data?.goals ?? []).map(({ name, people }) => ({
                value: name,
                label: t('create.goalOption', { name, count: people }),
              }))}
            />
          </Form.Item>
        )}
        {fields.kind !== 'anomaly' && (
          <Form.Item name="horizonDays" label={t('create.horizon')} extra={t('create.horizonHelp')}>
            <InputNumber min={7} max={730} suffix={t('create.days')} />
          </Form.Item>
        )}
        <Form.Item name="who" label={t('create.who')}>
          <Select
            options={(['buyers', 'active', 'everyone'] as const).map((value) => ({
              value,
              label: t(`create.whoIs.${value}`),
            }))}
          />
        </Form.Item>
        {fields.who !== 'everyone' && (
          <Form.Item name="withinDays" label={t('create.within')}>
            <InputNumber min={1} max={3650} suffix={t('create.days')} />
          </Form.Item>
        )}
        <Form.Item name="name" label={t('create.name')}>
          <Input maxLength={80} placeholder={words.kindName(fields.kind)} />
        </Form.Item>
        <CheckNote check={check} isWhole={isWhole} />
      </Form>
    </Modal>
  );
}

function CheckNote({
  check,
  isWhole,
}: {
  readonly check: {
    data?: Awaited<ReturnType<NonNullable<ReturnType<typeof predictionCheckQuery>['queryFn']>>> | undefined;
    error: Error | null;
    isFetching: boolean;
  };
  readonly isWhole: boolean;
}) {
  const { t } = useTranslation('predictions');
  const formats = useFormats();
  const words = usePredictionWords();
  if (!isWhole) return null;
  if (check.isFetching && !check.data) return <p className={styles.check}>{t('create.checking')}</p>;
  if (!check.data)
    return check.error ? (
      <p className={styles.check} data-tone="bad">
        {t('create.checkFailed')}
      </p>
    ) : null;
  const { eligible, positives, cuts, refusal } = check.data;
  return (
    <p className={styles.check} data-tone={refusal ? 'bad' : 'good'} aria-live="polite">
      {refusal
        ? words.say(refusal)
        : positives === null
          ? t('create.enough', { people: formats.count(eligible), cuts })
          : t('create.enoughPositives', { people: formats.count(eligible), positives: formats.count(positives), cuts })}
    </p>
  );
}

/** The key begins the names of traits: made of the kind, with a number where it is taken. */
function toCreate(fields: Fields, taken: readonly Prediction[], fallback: string): PredictionCreate {
  const base =
    fields.kind === 'lifetime_value' ? 'clv' : fields.kind === 'goal' ? keyOf(fields.goalEvent) : fields.kind;
  const used = new Set(taken.map(({ key }) => key));
  let key = base;
  for (let number = 2; used.has(key); number += 1) key = `${base}_${number}`;
  return {
    key,
    name: fields.name?.trim() || fallback,
    kind: fields.kind,
    goalEvent: fields.kind === 'goal' ? (fields.goalEvent ?? '') || null : null,
    horizonDays: fields.horizonDays ?? 60,
    who: { kind: fields.who, withinDays: fields.withinDays ?? 365 },
    schedule: 'daily',
  };
}

function keyOf(event: string | undefined): string {
  const words = (event ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '');
  return words.length > 1 ? words.slice(0, 36) : 'goal';
}
