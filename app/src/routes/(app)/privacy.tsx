import { PrivacyScreen } from '@/features/privacy/PrivacyScreen';

export default PrivacyScreen;
