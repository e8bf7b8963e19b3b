import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';
import { useProblemAt } from './fields.tsx';
import { ItemsPicker } from './items-picker.tsx';
import type { EditProps } from './rule-editor.tsx';
import styles from './surface.module.css';
import { UntilField } from './until-field.tsx';

/** Items that stand at a place, whoever looks. */
export function EditPins({ draft, disabled }: EditProps) {
  const { t } = useTranslation('recommend');
  const problemAt = useProblemAt(draft);
  const { k, rules } = draft.draft;
  const { pins } = rules;
  const change = (at: number, next: Partial<(typeof pins)[number]>) =>
    draft.setRule(
      'pins',
      pins.map((pin, index) => (index === at ? { ...pin, ...next } : pin)),
    );
  const freePlace = () => {
    const taken = new Set(pins.map((pin) => pin.place));
    for (let place = 1; place <= k; place++) if (!taken.has(place)) return place;
    return 1;
  };
  return (
    <div className={styles.rows}>
      {pins.map((pin, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no id; all of a row is controlled
        <div key={at} className={styles.row}>
          <ItemsPicker
            single
            label={t('pins.item')}
            value={pin.itemId ? [pin.itemId] : []}
            status={problemAt(`rules.pins.${at}`) ? 'error' : undefined}
            onChange={([itemId]) => change(at, { itemId: itemId ?? '' })}
          />
          <div className={styles.rowLine}>
            <InputNumber
              size="small"
              min={1}
              max={100}
              precision={0}
              prefix={t('pins.place')}
              aria-label={t('pins.place')}
              style={{ width: 104 }}
              value={pin.place}
              onChange={(place) => change(at, { place: place ?? 1 })}
            />
            <UntilField until={pin.until} onChange={(until) => change(at, { until })} disabled={disabled} />
            <Button
              size="small"
              type="text"
              icon={<DeleteOutlined />}
              disabled={disabled}
              aria-label={t('pins.drop', { place: pin.place })}
              onClick={() =>
                draft.setRule(
                  'pins',
                  pins.filter((_, index) => index !== at),
                )
              }
            />
          </div>
          {problemAt(`rules.pins.${at}`) && (
            <span className={styles.problem} role="alert">
              {problemAt(`rules.pins.${at}`)}
            </span>
          )}
        </div>
      ))}
      <Button
        icon={<PlusOutlined />}
        disabled={disabled}
        onClick={() => draft.setRule('pins', [...pins, { itemId: '', place: freePlace(), until: null }])}
      >
        {t('pins.add')}
      </Button>
      <span className={styles.help}>{t('pins.help')}</span>
    </div>
  );
}
