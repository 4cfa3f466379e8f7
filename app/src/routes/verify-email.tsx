import { VerifyEmailScreen } from '@/features/account/VerifyEmailScreen';

export default VerifyEmailScreen;
