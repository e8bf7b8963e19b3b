import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined } from '@ant-design/icons';
import { recommendMethods } from '@zhiyin/contract';
import { Button, Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Field, SwitchField, useProblemAt } from './fields.tsx';
import type { EditProps } from './rule-editor.tsx';
import styles from './surface.module.css';

const stepsMax = 6;

/** Its name, how many items, who may ask, and where items come from in which order. */
export function EditBasics({ draft, disabled }: EditProps) {
  const { t } = useTranslation('recommend');
  const problemAt = useProblemAt(draft);
  const { name, enabled, isPublic, k, chain } = draft.draft;
  const unused = recommendMethods.filter((method) => !chain.includes(method));
  const move = (at: number, by: number) => {
    const next = [...chain];
    const [method] = next.splice(at, 1);
    next.splice(at + by, 0, method!);
    draft.set('chain', next);
  };
  return (
    <>
      <Field id="surface-name" label={t('part.name')} problem={problemAt('name')}>
        <Input
          id="surface-name"
          value={name}
          maxLength={120}
          status={problemAt('name') ? 'error' : undefined}
          onChange={(event) => draft.set('name', event.target.value)}
        />
      </Field>
      <Field id="surface-k" label={t('part.k')}>
        <InputNumber
          id="surface-k"
          min={1}
          max={100}
          precision={0}
          value={k}
          onChange={(value) => draft.set('k', value ?? 1)}
        />
      </Field>
      <div className={styles.field}>
        <span>{t('part.chain')}</span>
        <ol className={styles.rows} style={{ margin: 0, padding: 0, listStyle: 'none' }}>
          {chain.map((method, at) => (
            <li key={method} className={styles.row}>
              <div className={styles.rowLine}>
                <span className={styles.grow}>
                  <b>{t(`method.name.${method}`)}</b>
                  <span className={styles.summary}>{t(`method.what.${method}`)}</span>
                </span>
                <Button
                  size="small"
                  type="text"
                  icon={<ArrowUpOutlined />}
                  disabled={disabled || at === 0}
                  aria-label={t('basics.up', { method: t(`method.name.${method}`) })}
                  onClick={() => move(at, -1)}
                />
                <Button
                  size="small"
                  type="text"
                  icon={<ArrowDownOutlined />}
                  disabled={disabled || at === chain.length - 1}
                  aria-label={t('basics.down', { method: t(`method.name.${method}`) })}
                  onClick={() => move(at, 1)}
                />
                <Button
                  size="small"
                  type="text"
                  icon={<DeleteOutlined />}
                  disabled={disabled || chain.length === 1}
                  aria-label={t('basics.drop', { method: t(`method.name.${method}`) })}
                  onClick={() =>
                    draft.set(
                      'chain',
                      chain.filter((other) => other !== method),
                    )
                  }
                />
              </div>
            </li>
          ))}
        </ol>
        {unused.length > 0 && chain.length < stepsMax && (
          <Select
            value={null}
            placeholder={t('basics.addMethod')}
            aria-label={t('basics.addMethod')}
            disabled={disabled}
            options={unused.map((value) => ({ value, label: t(`method.name.${value}`) }))}
            onChange={(method) => method && draft.set('chain', [...chain, method])}
          />
        )}
        <span className={styles.help}>{t('basics.chainHelp')}</span>
      </div>
      <SwitchField
        label={t('part.enabled')}
        help={t('basics.enabledHelp')}
        value={enabled}
        onChange={(value) => draft.set('enabled', value)}
        disabled={disabled}
      />
      <SwitchField
        label={t('part.isPublic')}
        help={t('basics.publicHelp')}
        value={isPublic}
        onChange={(value) => draft.set('isPublic', value)}
        disabled={disabled}
      />
    </>
  );
}
