import type { Surface } from '@zhiyin/contract';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

type Named = Pick<Surface, 'surface' | 'name'>;

/** Names that surfaces are given in a new workspace, in the workspace's language. Whoever reads another one sees them in hers. */
const givenNames: Readonly<Record<string, readonly string[]>> = {
  home: ['Home page', '首页'],
  similar: ['Similar items', '相似商品'],
  cart: ['Cart and bundles', '购物车搭配'],
  after_purchase: ['After a purchase', '购买之后'],
  search: ['Search results', '搜索排序'],
  message: ['Block in e-mail or push', '邮件与推送'],
  feed: ['Content feed', '内容流'],
  next: ['What to take next (course, trip, dish)', '接下来（课程、行程、菜品）'],
};

/** The name a surface goes by: as the brand wrote it, or in the reader's language while it has the name it was given. */
export function useSurfaceName(surfaces: readonly Named[] | undefined): (surface: string) => string {
  const { t } = useTranslation('recommend');
  return useCallback(
    (surface) => {
      const name = surfaces?.find((one) => one.surface === surface)?.name;
      const isGiven = name === undefined || givenNames[surface]?.includes(name);
      return isGiven ? t(`surfaceName.${surface}`, { defaultValue: name ?? surface }) : name;
    },
    [surfaces, t],
  );
}
