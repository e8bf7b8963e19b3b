import { DesktopOutlined, MoonOutlined, SunOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { type ThemeChoice, useAppearance } from '../theme/theme-context.ts';

const icons = { system: <DesktopOutlined />, light: <SunOutlined />, dark: <MoonOutlined /> } as const;
const choices = ['system', 'light', 'dark'] as const;

export function ThemeSwitch({ onChange }: { onChange?: (choice: ThemeChoice) => void }) {
  const { t } = useTranslation('shell');
  const { choice, theme, setChoice } = useAppearance();
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        selectable: true,
        selectedKeys: [choice],
        items: choices.map((key) => ({ key, label: t(`theme.${key}`), icon: icons[key] })),
        onClick: ({ key }) => {
          setChoice(key as ThemeChoice);
          onChange?.(key as ThemeChoice);
        },
      }}
    >
      <Button type="text" icon={icons[theme]} aria-label={t('theme.label')} />
    </Dropdown>
  );
}
