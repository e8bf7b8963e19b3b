import {
  GlobalOutlined,
  IdcardOutlined,
  MailOutlined,
  MobileOutlined,
  PhoneOutlined,
  WechatOutlined,
} from '@ant-design/icons';
import type { Person } from '@zhiyin/contract';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyText } from '../../components/copy-text.tsx';
import { Section } from '../../components/section.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import { useFormats } from '../../format/use-formats.ts';
import styles from './person.module.css';

const icons: Readonly<Record<Person['identities'][number]['kind'], ComponentType>> = {
  user_id: IdcardOutlined,
  unionid: WechatOutlined,
  openid: WechatOutlined,
  email: MailOutlined,
  phone: PhoneOutlined,
  device_id: MobileOutlined,
  anonymous_id: GlobalOutlined,
};

/** By what we recognise the person. */
export function PersonIdentities({ person }: { person: Person }) {
  const { t } = useTranslation('people');
  const formats = useFormats();
  const { can } = useWorkspace();
  const mayReveal = can('people:reveal');
  return (
    <Section title={t('person.identities.title')} subtitle={mayReveal ? undefined : t('person.identities.masked')}>
      <ul className={styles.list}>
        {person.identities.map(({ identityId, kind, value, firstSeenAt }) => {
          const Icon = icons[kind];
          return (
            <li key={identityId} className={styles.identity}>
              <span className={styles.kind} title={t(`person.kind.${kind}`)}>
                <Icon />
              </span>
              <div className={styles.grow}>
                <div className={styles.small}>
                  {t(`person.kind.${kind}`)} · {t('person.identities.since', { day: formats.day(firstSeenAt) })}
                </div>
                {mayReveal ? <CopyText text={value} /> : <span>{value}</span>}
              </div>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
