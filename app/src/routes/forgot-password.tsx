import { ForgotPasswordScreen } from '@/features/account/ForgotPasswordScreen';

export default ForgotPasswordScreen;
