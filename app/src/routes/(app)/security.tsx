import { SecurityScreen } from '@/features/account/security/SecurityScreen';

export default SecurityScreen;
