import { IdentityScreen } from '@/features/account/IdentityScreen';

export default IdentityScreen;
