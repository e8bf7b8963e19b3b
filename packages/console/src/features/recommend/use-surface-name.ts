import type { Surface } from '@zhiyin/contract';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

type Named = Pick<Surface, 'surface' | 'name' | 'isChanged'>;

/** The name a surface goes by: in the reader's language as it was given, as the brand wrote it once the brand changed it. */
export function useSurfaceName(surfaces: readonly Named[] | undefined): (surface: string) => string {
  const { t } = useTranslation('recommend');
  return useCallback(
    (surface) => {
      const found = surfaces?.find((one) => one.surface === surface);
      if (found?.isChanged) return found.name;
      return t(`surfaceName.${surface}`, { defaultValue: found?.name ?? surface });
    },
    [surfaces, t],
  );
}
