import { CheckOutlined } from '@ant-design/icons';
import { type Role, roleSchema, roleScopes, scopeSchema } from '@zhiyin/contract';
import { useTranslation } from 'react-i18next';
import { scopeKey } from '../../components/scope-key.ts';
import styles from './settings.module.css';

/** What each role may do, in words; straight from the rules the server applies. */
export function RolesTable({ ownRole }: { ownRole: Role }) {
  const { t } = useTranslation('settings');
  return (
    <div className={styles.scroll}>
      <table className={styles.roles}>
        <thead>
          <tr>
            <th scope="col">{t('members.may')}</th>
            {roleSchema.options.map((role) => (
              <th key={role} scope="col" className={role === ownRole ? styles.own : undefined}>
                {t(`common:role.${role}`)}
                {role === ownRole ? <span className={styles.note}>{t('members.yours')}</span> : null}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {scopeSchema.options.map((scope) => (
            <tr key={scope}>
              <th scope="row">{t(scopeKey(scope))}</th>
              {roleSchema.options.map((role) => (
                <td key={role} className={role === ownRole ? styles.own : undefined}>
                  {roleScopes[role].includes(scope) ? (
                    <CheckOutlined className={styles.may!} aria-label={t('common:yes')} />
                  ) : (
                    <span className="faint" role="img" aria-label={t('common:no')}>
                      –
                    </span>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
