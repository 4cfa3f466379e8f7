import { ResetPasswordScreen } from '@/features/account/ResetPasswordScreen';

export default ResetPasswordScreen;
