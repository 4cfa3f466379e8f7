import { PrivacyZonesScreen } from '@/features/privacyZones/PrivacyZonesScreen';

export default PrivacyZonesScreen;
