import { DeleteOutlined } from '@ant-design/icons';
import { Button, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import styles from './surface.module.css';

type Props = {
  readonly label: string;
  readonly values: Readonly<Record<string, number>>;
  /** Names that may be added. */
  readonly names: readonly string[];
  /** What a name starts with. */
  readonly first: number;
  readonly least: number;
  readonly most: number;
  readonly suffix: string;
  readonly addLabel: string;
  /** Of the number of a name, for those who hear the page. */
  readonly sayNumber: (name: string) => string;
  readonly help?: string;
  readonly problem?: string | undefined;
  readonly disabled: boolean;
  readonly onChange: (values: Record<string, number>) => void;
};

/** A number for each of some names: days of a category, most of a category, share of a brand. */
export function KeyedNumbers(props: Props) {
  const { values, names, first, least, most, suffix, disabled, onChange } = props;
  const { t } = useTranslation('recommend');
  const free = names.filter((name) => !(name in values));
  return (
    <div className={styles.field}>
      <span>{props.label}</span>
      <div className={styles.rows}>
        {Object.entries(values).map(([name, value]) => (
          <div key={name} className={styles.rowLine}>
            <span className={styles.grow}>{name}</span>
            <InputNumber
              size="small"
              min={least}
              max={most}
              precision={0}
              value={value}
              suffix={suffix}
              aria-label={props.sayNumber(name)}
              style={{ width: 110 }}
              onChange={(next) => onChange({ ...values, [name]: next ?? first })}
            />
            <Button
              size="small"
              type="text"
              icon={<DeleteOutlined />}
              disabled={disabled}
              aria-label={t('keyed.drop', { name })}
              onClick={() => {
                const { [name]: _, ...rest } = values;
                onChange(rest);
              }}
            />
          </div>
        ))}
        {free.length > 0 && (
          <Select
            value={null}
            disabled={disabled}
            showSearch={{ optionFilterProp: 'label' }}
            placeholder={props.addLabel}
            aria-label={props.addLabel}
            options={free.map((value) => ({ value, label: value }))}
            onChange={(name: string | null) => name && onChange({ ...values, [name]: first })}
          />
        )}
      </div>
      {props.problem && (
        <span className={styles.problem} role="alert">
          {props.problem}
        </span>
      )}
      {props.help && <span className={styles.help}>{props.help}</span>}
    </div>
  );
}
