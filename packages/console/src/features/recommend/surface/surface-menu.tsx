import { MoreOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import type { Surface } from '@zhiyin/contract';
import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { useRemoveSurface } from '../../../api/recommend-surfaces.ts';
import { useConfirm } from '../../../components/use-confirm.ts';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';

/** Surfaces that every workspace has; they cannot be removed, only set back. */
export const givenSurfaces = ['home', 'similar', 'cart', 'after_purchase', 'search', 'message', 'feed', 'next'];

export function SurfaceMenu({ surface, discard }: { readonly surface: Surface; readonly discard: () => void }) {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const remove = useRemoveSurface(workspace.id);
  const confirm = useConfirm();
  const notice = useNotice();
  const isGiven = givenSurfaces.includes(surface.surface);
  if (isGiven && !surface.isChanged) return null;
  const words = isGiven ? 'reset' : 'remove';
  const ask = () =>
    confirm({
      title: t(`surface.${words}.title`, { name: surface.name }),
      consequence: t(`surface.${words}.consequence`, { answers: formats.count(surface.answers7d) }),
      action: t(`surface.${words}.action`),
      run: () =>
        remove.mutateAsync(surface.surface).then(() => {
          discard();
          if (!isGiven) void navigate({ to: '/w/$workspaceId/recommend/surfaces', params: true as never });
        }, notice.failed),
    });
  return (
    <Dropdown
      trigger={['click']}
      menu={{ items: [{ key: words, danger: true, label: t(`surface.${words}.action`) }], onClick: () => ask() }}
    >
      <Button type="text" icon={<MoreOutlined />} aria-label={t('surface.more', { name: surface.name })} />
    </Dropdown>
  );
}
