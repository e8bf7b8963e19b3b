import { type ImportKind, importKindSchema } from '@zhiyin/contract';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './imports.module.css';

type Props = {
  readonly kind: ImportKind | null;
  readonly guess: ImportKind | null;
  readonly onChange: (kind: ImportKind) => void;
};

/** What the rows of the file are, in plain words, each with an example of a row. */
export function ChooseKind({ kind, guess, onChange }: Props) {
  const { t } = useTranslation('data');
  const name = useId();
  return (
    <fieldset className={styles.kinds}>
      <legend>{t('imports.kindQuestion')}</legend>
      {importKindSchema.options.map((value) => (
        <label key={value} data-chosen={value === kind}>
          <input type="radio" name={name} value={value} checked={value === kind} onChange={() => onChange(value)} />
          <span>
            <b>
              {t(`imports.kinds.${value}.name`)}
              {value === guess && <em className={styles.guess}>{t('imports.guess')}</em>}
            </b>
            <small>{t(`imports.kinds.${value}.what`)}</small>
            <code>{t(`imports.kinds.${value}.example`)}</code>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
