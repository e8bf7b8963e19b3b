import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { recommendMethods, type SurfaceUpdate } from '@zhiyin/contract';
import { Button, Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Field, useProblemAt } from './fields.tsx';
import type { EditProps } from './rule-editor.tsx';
import styles from './surface.module.css';

type Experiment = NonNullable<SurfaceUpdate['experiment']>;
type Arm = Experiment['arms'][number];
const armsMax = 10;
const percent = 100;

/** People are split at random, the same person always into the same arm; arms differ in where items come from and how varied they are. */
export function EditExperiment({ draft, disabled }: EditProps) {
  const { t } = useTranslation('recommend');
  const problemAt = useProblemAt(draft);
  const { experiment, rules } = draft.draft;
  if (!experiment) {
    const start = (): Experiment => ({
      name: t('experiment.firstName'),
      arms: [
        { name: 'control', share: 0.5 },
        { name: 'varied', share: 0.5, diversity: Math.min(1, rules.diversity + 0.3) },
      ],
    });
    return (
      <div className={styles.rows}>
        <Button icon={<PlusOutlined />} disabled={disabled} onClick={() => draft.set('experiment', start())}>
          {t('experiment.start')}
        </Button>
        <span className={styles.help}>{t('experiment.help')}</span>
      </div>
    );
  }
  const { arms } = experiment;
  const change = (at: number, next: Partial<Arm>) =>
    draft.set('experiment', {
      ...experiment,
      arms: arms.map((arm, index) => {
        if (index !== at) return arm;
        const { chain, diversity, ...rest } = { ...arm, ...next };
        // What is not set does not differ: the key goes, so that the arm is as it was before.
        return { ...rest, ...(chain?.length ? { chain } : {}), ...(diversity === undefined ? {} : { diversity }) };
      }),
    });
  return (
    <div className={styles.rows}>
      <Field id="experiment-name" label={t('experiment.name')} problem={problemAt('experiment.name')}>
        <Input
          id="experiment-name"
          maxLength={120}
          value={experiment.name}
          onChange={(event) => draft.set('experiment', { ...experiment, name: event.target.value })}
        />
      </Field>
      {arms.map((arm, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: names may be equal while they are typed
        <div key={at} className={styles.row}>
          <div className={styles.rowLine}>
            <Input
              size="small"
              className={styles.grow!}
              maxLength={80}
              aria-label={t('experiment.arm')}
              value={arm.name}
              onChange={(event) => change(at, { name: event.target.value })}
            />
            <InputNumber
              size="small"
              min={1}
              max={100}
              precision={0}
              suffix="%"
              aria-label={t('experiment.share', { arm: arm.name })}
              style={{ width: 84 }}
              value={Math.round(arm.share * percent)}
              onChange={(value) => change(at, { share: (value ?? 1) / percent })}
            />
            <Button
              size="small"
              type="text"
              icon={<DeleteOutlined />}
              disabled={disabled || arms.length <= 2}
              aria-label={t('experiment.drop', { arm: arm.name })}
              onClick={() => draft.set('experiment', { ...experiment, arms: arms.filter((_, index) => index !== at) })}
            />
          </div>
          <Select
            size="small"
            mode="multiple"
            aria-label={t('experiment.chain', { arm: arm.name })}
            placeholder={t('experiment.sameChain')}
            value={arm.chain ?? []}
            options={recommendMethods.map((value) => ({ value, label: t(`method.name.${value}`) }))}
            onChange={(chain) => change(at, { chain })}
          />
          <InputNumber
            size="small"
            min={0}
            max={100}
            precision={0}
            suffix="%"
            prefix={t('part.diversity')}
            style={{ width: '100%' }}
            aria-label={t('experiment.diversity', { arm: arm.name })}
            placeholder={t('experiment.same')}
            value={arm.diversity === undefined ? null : Math.round(arm.diversity * percent)}
            onChange={(value) => change(at, { diversity: typeof value === 'number' ? value / percent : undefined })}
          />
        </div>
      ))}
      {problemAt('experiment.arms') && (
        <span className={styles.problem} role="alert">
          {problemAt('experiment.arms')}
        </span>
      )}
      <div className={styles.rowLine}>
        <Button
          size="small"
          icon={<PlusOutlined />}
          disabled={disabled || arms.length >= armsMax}
          onClick={() => {
            const share = 1 / (arms.length + 1);
            const even = [...arms, { name: `arm-${arms.length + 1}`, share }];
            draft.set('experiment', { ...experiment, arms: withEvenShares(even) });
          }}
        >
          {t('experiment.addArm')}
        </Button>
        <Button
          size="small"
          disabled={disabled}
          onClick={() => draft.set('experiment', { ...experiment, arms: withEvenShares(arms) })}
        >
          {t('experiment.even')}
        </Button>
        <Button size="small" type="text" danger disabled={disabled} onClick={() => draft.set('experiment', null)}>
          {t('experiment.end')}
        </Button>
      </div>
      <span className={styles.help}>{t('experiment.help')}</span>
    </div>
  );
}

/** Whole percents that add up to 100; the first arm takes what is over. */
function withEvenShares(arms: readonly Arm[]): Arm[] {
  const each = Math.floor(percent / arms.length);
  return arms.map((arm, at) => ({
    ...arm,
    share: (at === 0 ? percent - each * (arms.length - 1) : each) / percent,
  }));
}
