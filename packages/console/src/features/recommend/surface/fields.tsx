import { InputNumber, Select, Slider, Switch } from 'antd';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../../format/use-formats.ts';
import styles from './surface.module.css';
import type { Draft } from './use-draft.ts';

type Common = { readonly label: string; readonly help?: string; readonly disabled: boolean };

/** Label above, help beneath. */
export function Field({
  id,
  label,
  help,
  children,
  problem,
}: {
  readonly id?: string;
  readonly label: string;
  readonly help?: string;
  readonly problem?: string | undefined;
  readonly children: ReactNode;
}) {
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children}
      {problem && (
        <span className={styles.problem} role="alert">
          {problem}
        </span>
      )}
      {help && <span className={styles.help}>{help}</span>}
    </div>
  );
}

export function SwitchField({
  label,
  help,
  disabled,
  value,
  onChange,
}: Common & { readonly value: boolean; readonly onChange: (value: boolean) => void }) {
  return (
    <div className={styles.field}>
      <div className={styles.fieldHead}>
        <span>{label}</span>
        <Switch size="small" checked={value} onChange={onChange} disabled={disabled} aria-label={label} />
      </div>
      {help && <span className={styles.help}>{help}</span>}
    </div>
  );
}

/** A share from none to `most`, with words at both ends: what the numbers mean. */
export function ShareField({
  label,
  help,
  disabled,
  value,
  most = 1,
  ends,
  onChange,
}: Common & {
  readonly value: number;
  readonly most?: number;
  readonly ends: readonly [string, string];
  readonly onChange: (value: number) => void;
}) {
  const formats = useFormats();
  return (
    <div className={styles.field}>
      <div className={styles.fieldHead}>
        <span>{label}</span>
        <b className="tabular">{formats.rate(value)}</b>
      </div>
      <Slider
        min={0}
        max={most}
        step={0.05}
        value={value}
        onChange={onChange}
        disabled={disabled}
        tooltip={{ formatter: (at) => formats.rate(at ?? 0) }}
        ariaLabelForHandle={label}
      />
      <div className={`${styles.fieldHead} ${styles.help}`} aria-hidden="true">
        <span>{ends[0]}</span>
        <span>{ends[1]}</span>
      </div>
      {help && <span className={styles.help}>{help}</span>}
    </div>
  );
}

/** One of a few ways, the chosen one explained beneath. */
export function ChoiceField<Value extends string>({
  label,
  help,
  disabled,
  value,
  options,
  onChange,
}: Common & {
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
}) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <Select id={id} value={value} disabled={disabled} options={[...options]} onChange={onChange} />
      {help && <span className={styles.help}>{help}</span>}
    </div>
  );
}

/** A whole number, or none: off means no limit. */
export function LimitField({
  label,
  help,
  disabled,
  value,
  first,
  most,
  suffix,
  onChange,
}: Common & {
  readonly value: number | null;
  /** What it starts with when it is switched on. */
  readonly first: number;
  readonly most: number;
  readonly suffix?: string;
  readonly onChange: (value: number | null) => void;
}) {
  const id = useId();
  return (
    <div className={styles.field}>
      <div className={styles.fieldHead}>
        <label htmlFor={id}>{label}</label>
        <span className={styles.rowLine}>
          {value !== null && (
            <InputNumber
              id={id}
              size="small"
              min={1}
              max={most}
              precision={0}
              value={value}
              suffix={suffix}
              style={{ width: suffix ? 110 : 76 }}
              onChange={(next) => onChange(next ?? first)}
              disabled={disabled}
            />
          )}
          <Switch
            size="small"
            checked={value !== null}
            onChange={(isOn) => onChange(isOn ? first : null)}
            disabled={disabled}
            aria-label={label}
          />
        </span>
      </div>
      {help && <span className={styles.help}>{help}</span>}
    </div>
  );
}

/** The sentence of the first problem at this place. */
export function useProblemAt(draft: Draft): (at: string) => string | undefined {
  const { t } = useTranslation('recommend');
  return (at) => {
    const found = draft.problems.find((problem) => problem.at === at);
    return found && t(`problem.${found.code}`, { field: found.at, detail: found.detail ?? '' });
  };
}
