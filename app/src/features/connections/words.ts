import { useTranslation } from 'react-i18next';

/** Names of services are their own; that of the folder is ours. */
export function useServiceName(): (provider: string, name: string) => string {
  const { t } = useTranslation();
  return (provider, name) => (provider === 'folder' ? t('devices.folderName') : name);
}
