import { CloseOutlined, PlusOutlined } from '@ant-design/icons';
import { ruleLimits, type SegmentCondition } from '@zhiyin/contract';
import { Button, Checkbox, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import styles from './builder.module.css';
import { ChooseEvent } from './choose-name.tsx';
import { WhereFields } from './where-fields.tsx';
import { DurationFields, WindowFields } from './window-fields.tsx';

type Sequence = Extract<SegmentCondition, { kind: 'sequence' }>;
type Funnel = Extract<SegmentCondition, { kind: 'funnel' }>;
type OnChange = (condition: SegmentCondition) => void;

/** `looked at an item, then bought within 7 days, and did not return it in between`. */
export function SequenceFields({ condition, onChange }: { readonly condition: Sequence; readonly onChange: OnChange }) {
  const { t } = useTranslation('segments');
  const { steps } = condition;
  const change = (at: number, part: Partial<Sequence['steps'][number]>) =>
    onChange({ ...condition, steps: steps.map((step, i) => (i === at ? { ...step, ...part } : step)) });
  return (
    <>
      <Select
        className={styles.short!}
        aria-label={t('builder.didLabel')}
        value={condition.did ? 'did' : 'did_not'}
        options={(['did', 'did_not'] as const).map((value) => ({ value, label: t(`sequence.${value}`) }))}
        onChange={(value) => onChange({ ...condition, did: value === 'did' })}
        popupMatchSelectWidth={false}
      />
      <ol className={styles.steps}>
        {steps.map((step, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
          <li key={at}>
            <span className={styles.word}>{t(at === 0 ? 'builder.first' : 'builder.then')}</span>
            <ChooseEvent value={step.event} onChange={(event) => change(at, { event })} />
            <WhereFields event={step.event} where={step.where} onChange={(where) => change(at, { where })} />
            {at > 0 ? (
              <>
                <Checkbox
                  checked={step.within !== null}
                  onChange={({ target }) => change(at, { within: target.checked ? { amount: 7, unit: 'days' } : null })}
                >
                  {t('builder.within')}
                </Checkbox>
                {step.within ? (
                  <DurationFields duration={step.within} onChange={(within) => change(at, { within })} />
                ) : null}
                <Checkbox
                  checked={step.without !== null}
                  onChange={({ target }) => change(at, { without: target.checked ? { event: '', where: [] } : null })}
                >
                  {t('builder.without')}
                </Checkbox>
                {step.without ? (
                  <ChooseEvent
                    value={step.without.event}
                    onChange={(event) => change(at, { without: { event, where: step.without?.where ?? [] } })}
                  />
                ) : null}
              </>
            ) : null}
            <RemoveStep
              hidden={steps.length <= 2}
              onClick={() => onChange({ ...condition, steps: steps.filter((_, i) => i !== at) })}
            />
          </li>
        ))}
      </ol>
      <AddStep
        hidden={steps.length >= ruleLimits.stepsMax}
        onClick={() =>
          onChange({ ...condition, steps: [...steps, { event: '', where: [], within: null, without: null }] })
        }
      />
      <WindowFields window={condition.window} onChange={(window) => onChange({ ...condition, window })} />
    </>
  );
}

/** `put something in the cart and did not come to the payment`. */
export function FunnelFields({ condition, onChange }: { readonly condition: Funnel; readonly onChange: OnChange }) {
  const { t } = useTranslation('segments');
  const { steps, reached, within } = condition;
  const change = (at: number, part: Partial<Funnel['steps'][number]>) =>
    onChange({ ...condition, steps: steps.map((step, i) => (i === at ? { ...step, ...part } : step)) });
  return (
    <>
      <span className={styles.word}>{t('builder.reached')}</span>
      <Select
        className={styles.short!}
        aria-label={t('builder.reached')}
        value={reached}
        options={steps.map((_, i) => ({ value: i + 1, label: t('builder.step', { step: i + 1 }) }))}
        onChange={(next) => onChange({ ...condition, reached: next })}
      />
      <span className={styles.word}>{t('builder.noFurther')}</span>
      <ol className={styles.steps}>
        {steps.map((step, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
          <li key={at} data-beyond={at >= reached}>
            <span className={styles.word}>{t('builder.step', { step: at + 1 })}</span>
            <ChooseEvent value={step.event} onChange={(event) => change(at, { event })} />
            <WhereFields event={step.event} where={step.where} onChange={(where) => change(at, { where })} />
            <RemoveStep
              hidden={steps.length <= 2}
              onClick={() =>
                onChange({
                  ...condition,
                  steps: steps.filter((_, i) => i !== at),
                  reached: Math.min(reached, steps.length - 1),
                })
              }
            />
          </li>
        ))}
      </ol>
      <AddStep
        hidden={steps.length >= ruleLimits.stepsMax}
        onClick={() => onChange({ ...condition, steps: [...steps, { event: '', where: [] }] })}
      />
      <Checkbox
        checked={within !== null}
        onChange={({ target }) =>
          onChange({ ...condition, within: target.checked ? { amount: 7, unit: 'days' } : null })
        }
      >
        {t('builder.within')}
      </Checkbox>
      {within ? (
        <DurationFields duration={within} onChange={(next) => onChange({ ...condition, within: next })} />
      ) : null}
      <WindowFields window={condition.window} onChange={(window) => onChange({ ...condition, window })} />
    </>
  );
}

function RemoveStep({ hidden, onClick }: { readonly hidden: boolean; readonly onClick: () => void }) {
  const { t } = useTranslation('segments');
  if (hidden) return null;
  return (
    <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t('builder.removeStep')} onClick={onClick} />
  );
}

function AddStep({ hidden, onClick }: { readonly hidden: boolean; readonly onClick: () => void }) {
  const { t } = useTranslation('segments');
  if (hidden) return null;
  return (
    <Button type="text" size="small" icon={<PlusOutlined />} className={styles.add!} onClick={onClick}>
      {t('builder.addStep')}
    </Button>
  );
}
